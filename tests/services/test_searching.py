from datetime import timedelta

import pytest

from moderation.domain.comment import Story, Submission
from moderation.domain.reach import Reach
from moderation.domain.verdict import Verdict
from moderation.services import searching
from moderation.services.intake import Intake
from moderation.services.searching import Sought
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer


@pytest.fixture(autouse=True)
def stored(database: Database, scorer: FakeScorer, site: Site) -> None:
    """Five comments about a road, two of them waiting, by turns in two sections."""
    intake = Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"))
    for number in range(5):
        word = "goblok" if number % 2 else "bagus"
        story = Story(section="Dunia" if number % 2 else "Daerah")
        submission = Submission(f"c-{number}", f"jalan {word}", article=story)
        intake.submit(site, submission, now=MONDAY + timedelta(seconds=number))


def test_pages_hold_everything_once_the_newest_first(database: Database) -> None:
    searching.catch_up(database)
    found, before = [], None
    with database.reading() as tx:
        while True:
            page = searching.find(tx, Sought("jal"), before=before, limit=2)
            found += [record.comment.comment_id for record in page.records]
            before = page.next_before
            if before is None:
                break

    assert found == ["c-4", "c-3", "c-2", "c-1", "c-0"]
    assert page.indexed_until is None


def test_a_search_is_narrowed_by_standing_and_reach(database: Database, site: Site) -> None:
    narrow = Reach.of([(site.id, "Dunia")])
    with database.reading() as tx:
        waiting = searching.find(tx, Sought("jalan", standing=Verdict.REVIEW), before=None, limit=9)
        abroad = searching.find(tx, Sought("jalan", reach=narrow), before=None, limit=9)
        elsewhere = searching.find(tx, Sought("jalan", site_id=site.id + 1), before=None, limit=9)

    assert {record.comment.comment_id for record in waiting.records} == {"c-1", "c-3"}
    assert all(record.item is not None for record in waiting.records)
    assert len(abroad.records) == 2
    assert elsewhere.records == []
    assert waiting.indexed_until == MONDAY


def test_catching_up_goes_on_until_nothing_is_left(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "INDEXED_AT_ONCE", 2)

    assert searching.catch_up(database, go_on=lambda: False) == 0
    assert searching.catch_up(database) == 5
    assert searching.catch_up(database) == 0
