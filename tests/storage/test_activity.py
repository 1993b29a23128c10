from datetime import timedelta

import pytest
import sqlalchemy as sa

from moderation.domain.comment import Story, Submission
from moderation.domain.decision import Decision
from moderation.domain.overview import Period
from moderation.domain.reach import EVERYWHERE, Reach
from moderation.domain.verdict import Label
from moderation.services.intake import Intake
from moderation.services.records import find_record_by_comment_id
from moderation.storage import activity, decisions
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer, feed_back

HOUR = timedelta(hours=1)
FIRST_HOURS = Period(MONDAY, MONDAY + 2 * HOUR)


@pytest.fixture(autouse=True)
def three_comments(database: Database, scorer: FakeScorer, site: Site) -> None:
    """Two that wait, in two sections an hour apart, and one published after the period."""
    intake = Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"))
    for number, (text, section) in enumerate(
        [("goblok", "Daerah"), ("goblok lagi", "Dunia"), ("terima kasih", "Dunia")]
    ):
        submission = Submission(f"c-{number}", text, article=Story(section=section))
        intake.submit(site, submission, now=MONDAY + number * HOUR)


def test_arrivals_are_counted_by_hour_within_the_period(database: Database) -> None:
    with database.reading() as tx:
        found = activity.count_arrivals(tx, FIRST_HOURS, EVERYWHERE, site_id=None)

    assert found == {MONDAY: {"review": 1}, MONDAY + HOUR: {"review": 1}}


def test_reach_narrows_everything(database: Database, site: Site) -> None:
    abroad, nowhere = Reach.of([(site.id, "Dunia")]), Reach.of([])
    with database.reading() as tx:
        arrived = activity.count_arrivals(tx, FIRST_HOURS, abroad, site_id=None)
        waiting = activity.find_waiting(tx, abroad, site_id=None)
        nothing = activity.find_waiting(tx, nowhere, site_id=None)
        whole = activity.find_waiting(tx, Reach.of([(site.id, "")]), site_id=site.id)

    assert arrived == {MONDAY + HOUR: {"review": 1}}
    assert waiting == (1, MONDAY + HOUR)
    assert nothing == (0, None)
    assert whole == (2, MONDAY)


def test_a_decision_comes_with_the_one_before_it(database: Database, site: Site) -> None:
    feed_back(database, site, "c-0", Decision.APPROVE, at=MONDAY + HOUR / 2)
    feed_back(database, site, "c-0", Decision.REJECT, at=MONDAY + HOUR)
    abroad = Reach.of([(site.id, "Dunia")])

    with database.reading() as tx:
        first, second = activity.list_decided(tx, FIRST_HOURS, EVERYWHERE, site_id=site.id)
        out_of_reach = activity.list_decided(tx, FIRST_HOURS, abroad, site_id=None)

    assert (first.previous, first.opened_at, first.labels) == (None, MONDAY, (Label.ABUSE,))
    assert (second.previous, second.previous_by) == (Decision.APPROVE, "rina")
    assert [one.decision for one in (first, second)] == [Decision.APPROVE, Decision.REJECT]
    assert out_of_reach == []


def test_what_was_undone_counts_nowhere(database: Database, site: Site) -> None:
    feed_back(database, site, "c-0", Decision.APPROVE, at=MONDAY + HOUR / 2)
    with database.writing() as tx:
        record = find_record_by_comment_id(tx, site.id, "c-0")
        decisions.undo_latest(tx, record.comment.id, now=MONDAY + HOUR)
    feed_back(database, site, "c-0", Decision.REJECT, at=MONDAY + HOUR)

    with database.reading() as tx:
        (only,) = activity.list_decided(tx, FIRST_HOURS, EVERYWHERE, site_id=None)
    assert (only.decision, only.previous) == (Decision.REJECT, None)


def test_the_period_is_read_through_an_index(database: Database, site: Site) -> None:
    statement = "SELECT count(*) FROM comments WHERE received_at >= '2026-01-01'"
    explain = "EXPLAIN QUERY PLAN " if database.engine.dialect.name == "sqlite" else "EXPLAIN "
    with database.reading() as tx:
        if explain == "EXPLAIN ":  # it would scan a table this small whatever its indexes
            tx.execute(sa.text("SET LOCAL enable_seqscan = off"))
        plan = " ".join(str(row) for row in tx.execute(sa.text(explain + statement)))

    assert "ix_comments_received_at" in plan
