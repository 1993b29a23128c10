from datetime import datetime, timedelta

import pyotp
import pytest
import sqlalchemy as sa

from moderation.errors import ForbiddenError, InvalidError, NotFoundError
from moderation.services import second_factor
from moderation.services.second_factor import RECOVERY_CODES, Proof
from moderation.storage import users
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.schema import audit_log
from moderation.storage.second_factor_schema import recovery_codes, second_factors
from moderation.storage.users import Role, User
from tests.conftest import SECRET
from tests.factories import MONDAY
from tests.services.test_people import account

OURS = Pseudonyms(SECRET)
LATER = MONDAY + timedelta(minutes=5)
STEP = timedelta(seconds=30)


@pytest.fixture
def person(database: Database) -> User:
    return account(database, "sari", Role.MODERATOR)


def switch_on(database: Database, user: User) -> tuple[pyotp.TOTP, list[str]]:
    with database.writing() as tx:
        begun = second_factor.begin(tx, user, pseudonyms=OURS, now=MONDAY)
        device = pyotp.TOTP(begun.secret)
        codes = second_factor.confirm(tx, user, device.at(MONDAY), pseudonyms=OURS, now=MONDAY)
    return device, codes


def show(database: Database, user: User, code: str, now: datetime = LATER) -> Proof | None:
    with database.writing() as tx:
        return second_factor.accept(tx, user, code, pseudonyms=OURS, now=now)


def test_nothing_is_asked_for_before_one_code_was_confirmed(
    database: Database, person: User
) -> None:
    with database.writing() as tx:
        begun = second_factor.begin(tx, person, pseudonyms=OURS, now=MONDAY)
        again = second_factor.read_enrolment(tx, person, pseudonyms=OURS)
        assert not second_factor.is_on(tx, person.id)
    assert begun == again
    assert "secret=" in begun.uri
    assert "sari" in begun.uri
    with pytest.raises(InvalidError), database.writing() as tx:
        second_factor.confirm(tx, person, "000000", pseudonyms=OURS, now=MONDAY)
    code = pyotp.TOTP(begun.secret).at(LATER)
    assert show(database, person, code) is None


def test_once_on_the_secret_is_shown_to_nobody_and_lies_in_no_table(
    database: Database, person: User
) -> None:
    device, codes = switch_on(database, person)

    with database.reading() as tx:
        with pytest.raises(ForbiddenError):
            second_factor.read_enrolment(tx, person, pseudonyms=OURS)
        rows = [
            str(row)
            for table in (second_factors, recovery_codes, audit_log)
            for row in tx.execute(sa.select(table))
        ]
    with pytest.raises(ForbiddenError), database.writing() as tx:
        second_factor.begin(tx, person, pseudonyms=OURS, now=LATER)
    kept = " ".join(rows)
    assert not [word for word in (device.secret, *codes) if word.replace("-", "") in kept]
    thief = Pseudonyms("another installation's secret, of enough letters")
    with database.writing() as tx:
        code = device.at(LATER)
        assert second_factor.accept(tx, person, code, pseudonyms=thief, now=LATER) is None


def test_switching_on_ends_every_session(database: Database, person: User) -> None:
    switch_on(database, person)

    with database.reading() as tx:
        changed = users.find(tx, person.id)
    assert changed is not None
    assert changed.session_stamp != person.session_stamp


def test_no_code_is_taken_twice_nor_one_older_than_the_last(
    database: Database, person: User
) -> None:
    device, _ = switch_on(database, person)

    assert show(database, person, device.at(MONDAY), MONDAY) is None
    assert show(database, person, device.at(LATER)) is Proof.CODE
    assert show(database, person, device.at(LATER)) is None
    assert show(database, person, device.at(LATER - STEP)) is None
    assert show(database, person, device.at(LATER + STEP)) is Proof.CODE


@pytest.mark.parametrize(("seconds", "taken"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_device_may_be_half_a_minute_off(
    database: Database, person: User, seconds: int, taken: bool
) -> None:
    device, _ = switch_on(database, person)
    code = device.at(LATER + timedelta(seconds=seconds))

    assert (show(database, person, f"{code[:3]} {code[3:]}") is Proof.CODE) == taken


def test_each_recovery_code_works_once_as_people_type_it(database: Database, person: User) -> None:
    _, codes = switch_on(database, person)

    assert len(set(codes)) == RECOVERY_CODES
    assert show(database, person, codes[0].lower()) is Proof.RECOVERY
    assert show(database, person, codes[0]) is None
    assert show(database, person, f" {codes[1].replace('-', '')} ") is Proof.RECOVERY
    assert show(database, person, "") is None
    with database.reading() as tx:
        assert second_factor.look(tx, person.id).recovery_codes == RECOVERY_CODES - 2


def test_new_recovery_codes_take_the_place_of_the_old(database: Database, person: User) -> None:
    _, old = switch_on(database, person)
    with database.writing() as tx:
        new = second_factor.renew_recovery_codes(tx, person, now=LATER)

    assert show(database, person, old[0]) is None
    assert show(database, person, new[0]) is Proof.RECOVERY


def test_switched_off_it_asks_for_nothing_and_takes_nothing(
    database: Database, person: User
) -> None:
    device, codes = switch_on(database, person)
    with database.writing() as tx:
        second_factor.switch_off(tx, person, now=LATER)
        assert not second_factor.is_on(tx, person.id)

    assert show(database, person, device.at(LATER)) is None
    assert show(database, person, codes[0]) is None


@pytest.mark.parametrize(
    ("actor", "subject", "may"),
    [
        (Role.ADMIN, Role.ADMIN, True),
        (Role.ADMIN, Role.EDITOR, True),
        (Role.EDITOR, Role.MODERATOR, True),
        (Role.EDITOR, Role.EDITOR, False),
        (Role.EDITOR, Role.ADMIN, False),
        (Role.MODERATOR, Role.MODERATOR, False),
    ],
)
def test_who_may_reset_whom(database: Database, actor: Role, subject: Role, may: bool) -> None:
    helper, helped = account(database, "bos", actor), account(database, "sari", subject)
    switch_on(database, helped)

    if may:
        with database.writing() as tx:
            second_factor.reset(tx, helped.id, actor=helper, now=LATER)
    else:
        with pytest.raises(ForbiddenError), database.writing() as tx:
            second_factor.reset(tx, helped.id, actor=helper, now=LATER)

    with database.reading() as tx:
        assert second_factor.is_on(tx, helped.id) == (not may)


def test_nobody_resets_their_own_or_what_is_not_there(database: Database, person: User) -> None:
    admin = account(database, "bos", Role.ADMIN)
    switch_on(database, admin)

    with pytest.raises(ForbiddenError), database.writing() as tx:
        second_factor.reset(tx, admin.id, actor=admin, now=LATER)
    with pytest.raises(NotFoundError), database.writing() as tx:
        second_factor.reset(tx, person.id, actor=admin, now=LATER)


def test_every_act_is_audited_without_a_code_in_it(database: Database, person: User) -> None:
    admin = account(database, "bos", Role.ADMIN)
    _, codes = switch_on(database, person)
    show(database, person, codes[0])
    with database.writing() as tx:
        second_factor.renew_recovery_codes(tx, person, now=LATER)
        second_factor.reset(tx, person.id, actor=admin, now=LATER)
        rows = tx.execute(
            sa.select(audit_log.c.actor, audit_log.c.act, audit_log.c.subject).order_by(
                audit_log.c.id
            )
        ).all()

    assert [tuple(row) for row in rows] == [
        ("sari", "user.second-factor", "sari"),
        ("sari", "user.recovery-code", "sari"),
        ("sari", "user.recovery-codes", "sari"),
        ("bos", "user.second-factor-reset", "sari"),
    ]
