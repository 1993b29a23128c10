from datetime import timedelta

from moderation.domain.reach import EVERYWHERE, Reach
from moderation.services.phrases import EARLIER, RECENT, find_new
from moderation.storage.drift import Place
from moderation.storage.engine import Database
from moderation.storage.sites import Site
from tests.factories import MONDAY
from tests.storage.many_comments import add_comments

NOW = MONDAY + timedelta(days=40)
ORDINARY = ["harga beras naik lagi", "berita bagus sekali"] * 25


def surging(database: Database, place: Place) -> list[tuple[str, int, int]]:
    with database.reading() as tx:
        found = find_new(tx, place, now=NOW)
    return [(surge.phrase, surge.recent, surge.earlier) for surge in found]


def test_a_disguised_new_name_is_found_as_it_is_read(database: Database, site: Site) -> None:
    recent, earlier = NOW - timedelta(hours=3), NOW - timedelta(days=20)
    with database.writing() as tx:
        add_comments(tx, site, ORDINARY * 2, since=earlier)
        add_comments(tx, site, ["berita m.a.w.a.r.88"] * 5, since=recent)
        add_comments(tx, site, ["harga mawar88"] * 2, since=recent)
        add_comments(tx, site, ["harga mawar88"], since=earlier)

    assert surging(database, Place(EVERYWHERE))[0] == ("mawar88", 7, 1)
    assert surging(database, Place(Reach.of([]))) == []


def test_what_was_said_long_ago_or_goes_on_is_not_new(database: Database, site: Site) -> None:
    with database.writing() as tx:
        add_comments(tx, site, ORDINARY, since=NOW - timedelta(hours=3))
        add_comments(tx, site, ORDINARY, since=NOW - timedelta(days=3))
        add_comments(tx, site, ["mawar88"] * 9, since=NOW - RECENT - EARLIER - timedelta(hours=1))

    assert surging(database, Place(EVERYWHERE)) == []
