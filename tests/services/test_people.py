import pytest
import sqlalchemy as sa

from moderation.domain.reach import EVERYWHERE, Reach
from moderation.errors import ForbiddenError, InvalidError, NotFoundError
from moderation.services import access, people
from moderation.storage import users
from moderation.storage.engine import Database
from moderation.storage.profiles import Profile
from moderation.storage.schema import audit_log
from moderation.storage.users import Role, User
from tests.factories import MONDAY, PASSWORD


def account(database: Database, username: str, role: Role) -> User:
    with database.writing() as tx:
        access.add_user(
            tx,
            username=username,
            display_name=username.title(),
            password=PASSWORD,
            role=role,
            now=MONDAY,
        )
        user = users.find_by_name(tx, username)
    assert user is not None
    return user


@pytest.fixture
def admin(database: Database) -> User:
    return account(database, "bos", Role.ADMIN)


@pytest.fixture
def person(database: Database) -> User:
    return account(database, "sari", Role.MODERATOR)


def test_a_new_person_logs_in_with_the_password_shown_once(database: Database, admin: User) -> None:
    with database.writing() as tx:
        password = people.add_person(
            tx, actor=admin, username="tono", display_name="", role=Role.EDITOR, now=MONDAY
        )
        found = access.check_password(tx, "tono", password)

    assert found is not None
    assert (found.role, found.display_name) == (Role.EDITOR, "tono")


@pytest.mark.parametrize("username", ["", "bos", "x" * 81])
def test_an_empty_long_or_taken_name_is_refused(
    database: Database, admin: User, username: str
) -> None:
    with pytest.raises(InvalidError), database.writing() as tx:
        people.add_person(
            tx, actor=admin, username=username, display_name="", role=Role.EDITOR, now=MONDAY
        )


def test_every_change_of_an_account_ends_its_sessions_and_is_audited(
    database: Database, admin: User, person: User
) -> None:
    stamps = {person.session_stamp}
    with database.writing() as tx:
        people.set_role(tx, person.id, Role.EDITOR, actor=admin, now=MONDAY)
        stamps.add(people.find_person(tx, person.id).user.session_stamp)
        people.end_sessions(tx, person.id, actor=admin, now=MONDAY)
        stamps.add(people.find_person(tx, person.id).user.session_stamp)
        people.reset_password(tx, person.id, actor=admin, now=MONDAY)
        stamps.add(people.find_person(tx, person.id).user.session_stamp)
        people.set_active(tx, person.id, False, actor=admin, now=MONDAY)
        changed = people.find_person(tx, person.id).user
        acts = tx.execute(sa.select(audit_log.c.act).order_by(audit_log.c.id)).scalars().all()

    assert len(stamps | {changed.session_stamp}) == 5
    assert (changed.role, changed.active) == (Role.EDITOR, False)
    assert acts == ["user.role", "user.end-sessions", "user.password", "user.disable"]


def test_nobody_demotes_or_disables_themselves(database: Database, admin: User) -> None:
    with pytest.raises(ForbiddenError), database.writing() as tx:
        people.set_role(tx, admin.id, Role.MODERATOR, actor=admin, now=MONDAY)
    with pytest.raises(ForbiddenError), database.writing() as tx:
        people.set_active(tx, admin.id, False, actor=admin, now=MONDAY)


def test_the_last_administrator_stays(database: Database, admin: User, person: User) -> None:
    with pytest.raises(ForbiddenError, match="must remain"), database.writing() as tx:
        people.set_active(tx, admin.id, False, actor=person, now=MONDAY)

    with database.reading() as tx:
        assert people.find_person(tx, admin.id).user.active


def test_two_people_never_share_a_pseudonym(database: Database, admin: User, person: User) -> None:
    profile = Profile("Penjaga", Reach.of([]))
    with database.writing() as tx:
        people.set_profile(tx, person.id, profile, actor=admin, now=MONDAY)
        people.set_profile(tx, person.id, profile, actor=admin, now=MONDAY)
    with pytest.raises(InvalidError, match="somebody else's"), database.writing() as tx:
        people.set_profile(tx, admin.id, Profile("Penjaga", EVERYWHERE), actor=admin, now=MONDAY)

    with database.reading() as tx:
        by_name = {one.user.username: one.profile.pseudonym for one in people.list_people(tx)}
    assert by_name == {"bos": "", "sari": "Penjaga"}


def test_nobody_is_not_found(database: Database, admin: User) -> None:
    with pytest.raises(NotFoundError), database.writing() as tx:
        people.reset_password(tx, 999, actor=admin, now=MONDAY)
