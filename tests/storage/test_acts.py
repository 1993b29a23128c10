from datetime import timedelta

import pytest

from moderation.domain.overview import Period
from moderation.domain.reach import EVERYWHERE, Reach
from moderation.storage import audit
from moderation.storage.acts import Wanted, list_acts, list_choices
from moderation.storage.engine import Database
from moderation.storage.sites import Site
from tests.factories import MONDAY

DAY = Period(MONDAY, MONDAY + timedelta(days=1))


@pytest.fixture(autouse=True)
def four_acts(database: Database, site: Site) -> None:
    """Two decisions on a site, one act on a person, one act after the day."""
    acts = [
        ("sari", "comment.approve", site.id, 0),
        ("tono", "comment.reject", site.id, 1),
        ("bos", "user.add", None, 2),
        ("sari", "comment.approve", site.id, 24),
    ]
    with database.writing() as tx:
        for actor, act, site_id, hours in acts:
            at = MONDAY + timedelta(hours=hours)
            audit.record(tx, at=at, actor=actor, act=act, subject="x", site_id=site_id)


def acts(database: Database, wanted: Wanted, **place: int) -> list[str]:
    with database.reading() as tx:
        entries = list_acts(tx, wanted, limit=place.pop("limit", 10), **place)
    return [f"{entry.actor} {entry.act}" for entry in entries]


def test_acts_of_the_period_come_latest_first_page_by_page(database: Database) -> None:
    wanted = Wanted(DAY, EVERYWHERE)

    assert acts(database, wanted) == ["bos user.add", "tono comment.reject", "sari comment.approve"]
    with database.reading() as tx:
        (last,) = list_acts(tx, wanted, limit=1)
    assert acts(database, wanted, before=last.id, limit=1) == ["tono comment.reject"]
    assert last.site_name is None


def test_acts_are_narrowed_by_actor_and_act(database: Database) -> None:
    assert acts(database, Wanted(DAY, EVERYWHERE, actor="sari")) == ["sari comment.approve"]
    assert acts(database, Wanted(DAY, EVERYWHERE, act="user.add")) == ["bos user.add"]


def test_acts_on_people_are_only_for_those_who_see_every_site(
    database: Database, site: Site
) -> None:
    wanted = Wanted(DAY, Reach.of([(site.id, "")]))

    assert acts(database, wanted) == ["tono comment.reject", "sari comment.approve"]
    assert acts(database, Wanted(DAY, Reach.of([(site.id, "Dunia")]))) == []
    with database.reading() as tx:
        assert list_choices(tx, wanted) == (
            ["sari", "tono"],
            ["comment.approve", "comment.reject"],
        )
