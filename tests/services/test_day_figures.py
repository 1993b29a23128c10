from datetime import timedelta

import pytest
import sqlalchemy as sa

from moderation.domain.activity import Activity
from moderation.domain.comment import Story, Submission
from moderation.domain.days import day_of, period_of
from moderation.domain.decision import Decision
from moderation.domain.overview import Period
from moderation.domain.reach import EVERYWHERE, Reach
from moderation.services import day_figures
from moderation.services.intake import Intake
from moderation.services.records import find_record_by_comment_id
from moderation.storage import day_figures as stored
from moderation.storage import decisions
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer, feed_back

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PERIOD = Period(period_of(day_of(MONDAY)).start, period_of(day_of(MONDAY + 3 * DAY)).end)
NOW = MONDAY + 3 * DAY


@pytest.fixture(autouse=True)
def three_days(database: Database, scorer: FakeScorer, site: Site) -> None:
    """On each of three days two comments in two sections, one of them decided and overruled."""
    intake = Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"))
    for day in range(3):
        at = MONDAY + day * DAY
        for section in ("Daerah", "Dunia"):
            story = Story(section=section)
            intake.submit(site, Submission(f"{section}-{day}", "goblok", article=story), now=at)
        for hours, decision in enumerate(Decision):
            feed_back(database, site, f"Daerah-{day}", decision, at=at + (1 + hours) * HOUR)


def gather(database: Database, reach: Reach = EVERYWHERE, site_id: int | None = None) -> Activity:
    with database.reading() as tx:
        return day_figures.gather(tx, PERIOD, reach, site_id=site_id)


def test_days_counted_before_add_up_to_what_counting_now_gives(
    database: Database, site: Site
) -> None:
    whole, part = (site.id, ""), (site.id, "Daerah")
    reaches = [EVERYWHERE, *map(Reach.of, ([part], [], [whole], [whole, part], [(-1, ""), part]))]
    before = [gather(database, reach, site_id) for reach in reaches for site_id in (None, site.id)]
    assert before[0].arrivals != before[2].arrivals

    assert day_figures.catch_up(database, now=NOW) == 3
    assert day_figures.catch_up(database, now=NOW) == 0

    after = [gather(database, reach, site_id) for reach in reaches for site_id in (None, site.id)]
    assert after == before


def test_of_settled_days_neither_comments_nor_decisions_are_read(database: Database) -> None:
    day_figures.catch_up(database, now=NOW)
    asked: list[str] = []

    def hear(_c: object, _k: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    with database.reading() as tx:
        sa.event.listen(tx, "before_cursor_execute", hear)
        period = Period(PERIOD.start, period_of(day_of(MONDAY + 2 * DAY)).end)
        found = day_figures.gather(tx, period, EVERYWHERE, site_id=None)

    assert found.labels == gather(database).labels
    assert not [one for one in asked if "comments" in one or "decisions" in one]


def test_the_present_day_is_never_settled(database: Database) -> None:
    late = period_of(day_of(MONDAY)).end

    assert day_figures.catch_up(database, now=late + HOUR / 2) == 0
    assert day_figures.catch_up(database, now=late + HOUR) == 1


def test_a_decision_undone_days_later_changes_the_days_it_stood_in(
    database: Database, site: Site
) -> None:
    day_figures.catch_up(database, now=NOW)
    with database.writing() as tx:
        record = find_record_by_comment_id(tx, site.id, "Daerah-1")
        decisions.undo_latest(tx, record.comment.id, now=NOW)

    with database.reading() as tx:
        days = stored.list_settled(tx, day_of(PERIOD.start), day_of(PERIOD.end))
    assert days == {day_of(MONDAY)}
    undone = gather(database)
    assert undone.people["rina"].decided == 5
    day_figures.catch_up(database, now=NOW)
    assert gather(database) == undone


def test_an_undo_while_a_day_is_counted_lets_the_count_be_thrown_away(database: Database) -> None:
    day = day_of(MONDAY)
    with database.writing() as tx:
        token = stored.begin(tx, day)
    with database.writing() as tx:
        stored.forget_since(tx, MONDAY, now=NOW)
    with database.writing() as tx:
        assert not stored.finish(tx, day, token, {})

    assert day_figures.catch_up(database, now=NOW) == 3


def test_a_count_that_was_never_finished_is_begun_again(database: Database) -> None:
    before = gather(database)
    with database.writing() as tx:
        lost = stored.begin(tx, day_of(MONDAY))

    assert gather(database) == before
    assert day_figures.catch_up(database, now=NOW) == 3
    with database.writing() as tx:
        assert not stored.finish(tx, day_of(MONDAY), lost, {})
    assert gather(database) == before


def test_counting_stops_when_it_is_told_to(database: Database) -> None:
    answers = iter([True, False])

    assert day_figures.catch_up(database, now=NOW, go_on=lambda: next(answers)) == 1
