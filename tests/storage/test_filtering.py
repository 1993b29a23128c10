from datetime import timedelta

import pytest

from moderation.domain.comment import Submission
from moderation.domain.verdict import Label
from moderation.services.intake import Intake
from moderation.storage import queue, search
from moderation.storage.engine import Database
from moderation.storage.filtering import Filter
from moderation.storage.identity import Pseudonyms
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer


@pytest.fixture(autouse=True)
def waiting(database: Database, scorer: FakeScorer, site: Site) -> None:
    """An insult, and a threat an hour later, both scored 0.5."""
    intake = Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"))
    intake.submit(site, Submission("c-1", "Dasar GOBLOK 100%_sejati"), now=MONDAY)
    intake.submit(site, Submission("c-2", "ayo serbu"), now=MONDAY + timedelta(hours=1))


@pytest.mark.parametrize(
    ("which", "count"),
    [
        (Filter(), 2),
        (Filter(score=0.5), 2),
        (Filter(score=0.51), 0),
        (Filter(score=0.5, label=Label.THREAT), 1),
        (Filter(opened_before=MONDAY), 1),
        (Filter(opened_before=MONDAY - timedelta(seconds=1)), 0),
    ],
)
def test_each_part_of_a_filter_narrows(database: Database, which: Filter, count: int) -> None:
    with database.reading() as tx:
        assert queue.count_open(tx, which) == count
        assert len(queue.list_open(tx, which, limit=10)) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [("goblok", 1), ("SERBU", 1), ("100%_s", 1), ("q%r", 0), ("z_blok", 0), ("\\", 0)],
)
def test_words_narrow_to_the_comments_that_hold_them(
    database: Database, text: str, count: int
) -> None:
    with database.reading() as tx:
        which = Filter(among=tuple(search.find(tx, text)))
        assert queue.count_open(tx, which) == count
