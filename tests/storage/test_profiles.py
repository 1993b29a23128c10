from moderation.domain.reach import EVERYWHERE, Reach
from moderation.storage import profiles, users
from moderation.storage.engine import Database
from moderation.storage.profiles import Profile
from moderation.storage.sites import Site
from moderation.storage.users import Role
from tests.factories import a_moderator


def user_id(database: Database, username: str) -> int:
    with database.reading() as tx:
        user = users.find_by_name(tx, username)
    assert user is not None
    return user.id


def test_a_person_never_written_about_is_everywhere(database: Database, moderator: str) -> None:
    with database.reading() as tx:
        assert profiles.find(tx, user_id(database, moderator)) == Profile("", EVERYWHERE)


def test_a_profile_replaces_the_one_before(database: Database, moderator: str, site: Site) -> None:
    person = user_id(database, moderator)
    other = user_id(database, a_moderator(database, "tono", "Tono"))
    narrow = Profile("Penjaga", Reach.of([(site.id, "Dunia"), (site.id, "Daerah")]))
    for profile in (narrow, Profile("", EVERYWHERE), Profile("Penjaga 2", Reach.of([]))):
        with database.writing() as tx:
            profiles.put(tx, person, profile)
            assert profiles.find(tx, person) == profile
            assert profiles.find(tx, other) == Profile("", EVERYWHERE)

    with database.reading() as tx:
        assert profiles.pseudonyms(tx) == {"sari": "Penjaga 2"}


def test_administrators_reach_everything_whatever_their_profile(
    database: Database, moderator: str
) -> None:
    with database.writing() as tx:
        profiles.put(tx, user_id(database, moderator), Profile("", Reach.of([])))
        person = users.find_by_name(tx, moderator)
        assert person is not None
        assert profiles.find_reach(tx, person) == Reach.of([])
        users.change(tx, person.id, role=Role.ADMIN.value)
        admin = users.find_by_name(tx, moderator)
        assert admin is not None
        assert profiles.find_reach(tx, admin) is EVERYWHERE
