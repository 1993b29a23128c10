from datetime import timedelta

from moderation.services import access
from moderation.services.access import KeyRing
from moderation.storage import sites
from moderation.storage.engine import Database
from moderation.storage.identity import digest_key
from moderation.storage.sites import ApiKey, Scope, Site
from tests.factories import MONDAY

DAY = timedelta(days=1)


def find(database: Database, key: str) -> ApiKey:
    with database.reading() as tx:
        found = sites.find_key(tx, digest_key(key))
    assert found is not None
    return found


def issue(database: Database, site: Site, days: int | None = None) -> str:
    with database.writing() as tx:
        return access.issue_key(
            tx,
            site,
            [Scope.SUBMIT],
            note="cms",
            now=MONDAY,
            expires_at=None if days is None else MONDAY + days * DAY,
        )


def rotate(database: Database, key: str) -> str:
    with database.writing() as tx:
        return access.rotate_key(tx, find(database, key), overlap=DAY, now=MONDAY)


def test_after_a_rotation_both_keys_work_until_the_overlap_ends(
    database: Database, site: Site
) -> None:
    old = issue(database, site)

    new = rotate(database, old)

    assert find(database, old).is_valid(MONDAY + DAY - timedelta(seconds=1))
    assert not find(database, old).is_valid(MONDAY + DAY)
    assert find(database, new).is_valid(MONDAY + 1000 * DAY)
    assert find(database, new).scopes == {Scope.SUBMIT}
    assert find(database, new).note == "cms"


def test_a_rotation_never_lengthens_a_key_s_life(database: Database, site: Site) -> None:
    old = issue(database, site, days=0)

    rotate(database, old)

    assert find(database, old).expires_at == MONDAY


def test_the_use_of_a_key_is_noted_but_not_at_every_request(database: Database, site: Site) -> None:
    key = issue(database, site)
    for minutes, noted in ((0, 0), (5, 0), (11, 11)):
        KeyRing(database).find(key, now=MONDAY + timedelta(minutes=minutes))

        assert find(database, key).last_used_at == MONDAY + timedelta(minutes=noted)


def test_an_ended_key_is_not_in_use(database: Database, site: Site) -> None:
    key = issue(database, site, days=1)

    assert KeyRing(database).find(key, now=MONDAY + DAY) is None
    assert find(database, key).last_used_at is None
