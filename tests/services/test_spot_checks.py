from datetime import timedelta

import pytest

from moderation.domain.comment import Submission
from moderation.domain.decision import Decision, Source
from moderation.domain.overview import Period
from moderation.domain.reach import EVERYWHERE
from moderation.domain.spot_check import is_drawn
from moderation.domain.verdict import Label, Verdict
from moderation.services import review
from moderation.services.intake import Intake
from moderation.services.records import Record
from moderation.services.review import Hold
from moderation.services.spot_checks import Measured, SpotChecks, interval, measure
from moderation.storage import queue
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.queue import Filter, QueueItem
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer

PSEUDONYMS = Pseudonyms("a-secret-for-the-tests")
WEEK = Period(MONDAY, MONDAY + timedelta(days=7))


def an_intake(database: Database, scorer: FakeScorer, share: float) -> Intake:
    checks = SpotChecks(PSEUDONYMS, share)
    return Intake(database, scorer, PSEUDONYMS, spot_checks=checks)


@pytest.fixture
def intake(database: Database, scorer: FakeScorer) -> Intake:
    """An intake that draws every comment."""
    return an_intake(database, scorer, 1.0)


def waiting(database: Database) -> list[QueueItem]:
    with database.reading() as tx:
        return queue.list_open(tx, Filter(), limit=1000)


def decide_all(database: Database, decision: Decision) -> list[Record]:
    with database.writing() as tx:
        taken = review.claim(
            tx, Filter(), moderator="sari", count=100, lease=timedelta(minutes=5), now=MONDAY
        )
        return [
            review.decide(
                tx,
                one.item.id,
                Hold(one.item.version, "sari"),
                site_id=None,
                decision=decision,
                labels=[Label.SPAM] if decision is Decision.REJECT else [],
                note="",
                source=Source.CONSOLE,
                now=MONDAY,
            )
            for one in taken
            if one.item is not None
        ]


def measured(database: Database) -> dict[Verdict, Measured]:
    with database.reading() as tx:
        return measure(tx, WEEK, EVERYWHERE, site_id=None)


def test_a_drawn_comment_waits_for_a_look_while_its_verdict_stands(
    intake: Intake, database: Database, site: Site
) -> None:
    record, _ = intake.submit(site, Submission("c-1", "Terima kasih."), now=MONDAY)

    assert record.comment.assessment.verdict is Verdict.APPROVE
    assert record.item is None
    (item,) = waiting(database)
    assert (item.comment_pk, item.spot_check) == (record.comment.id, True)


def test_what_waits_for_a_person_anyway_is_no_spot_check(
    intake: Intake, database: Database, site: Site
) -> None:
    intake.submit(site, Submission("c-1", "dasar goblok"), now=MONDAY)

    assert [item.spot_check for item in waiting(database)] == [False]


def test_exactly_those_are_drawn_that_the_keyed_hash_names(
    database: Database, scorer: FakeScorer, site: Site
) -> None:
    intake = an_intake(database, scorer, 0.2)
    stored = {}
    for number in range(40):
        submission = Submission(f"c-{number}", "Terima kasih.")
        for _ in range(2):
            record, _ = intake.submit(site, submission, now=MONDAY)
        stored[record.comment.id] = number

    named = [PSEUDONYMS.hash("spot-check", f"{site.id}:c-{number}") for number in range(40)]
    expected = [number for number, hash_ in enumerate(named) if is_drawn(hash_, 0.2)]
    drawn = sorted(stored[item.comment_pk] for item in waiting(database))
    assert drawn == expected
    assert 0 < len(drawn) < 40


def test_an_edited_comment_is_looked_at_as_it_stands_now(
    intake: Intake, database: Database, site: Site
) -> None:
    intake.submit(site, Submission("c-1", "Terima kasih."), now=MONDAY)
    second, _ = intake.submit(site, Submission("c-1", "Terima kasih!", revision=3), now=MONDAY)
    intake.submit(site, Submission("c-1", "Terima kasih ya", revision=2), now=MONDAY)

    assert [item.comment_pk for item in waiting(database)] == [second.comment.id]


def test_a_person_who_disagrees_has_the_last_word(
    intake: Intake, database: Database, site: Site
) -> None:
    intake.submit(site, Submission("c-1", "Main di sini GACOR"), now=MONDAY)

    (record,) = decide_all(database, Decision.APPROVE)

    assert record.comment.assessment.verdict is Verdict.REJECT
    assert record.ruling is not None
    assert record.ruling.decision is Decision.APPROVE
    assert waiting(database) == []


def test_precision_is_counted_by_verdict_without_what_was_never_drawn(
    intake: Intake, database: Database, scorer: FakeScorer, site: Site
) -> None:
    for number in range(3):
        intake.submit(site, Submission(f"a-{number}", "Terima kasih."), now=MONDAY)
    decide_all(database, Decision.APPROVE)
    intake.submit(site, Submission("b-1", "Main di sini GACOR"), now=MONDAY)
    intake.submit(site, Submission("b-2", "dasar goblok"), now=MONDAY)
    decide_all(database, Decision.APPROVE)
    intake.submit(site, Submission("d-1", "Terima kasih."), now=MONDAY)
    never = an_intake(database, scorer, 0.0)
    never.submit(site, Submission("e-1", "Terima kasih."), now=MONDAY)

    found = measured(database)

    approved, rejected = found[Verdict.APPROVE], found[Verdict.REJECT]
    assert (approved.precision.answered, approved.precision.agreed) == (3, 3)
    assert approved.precision.waiting == 1
    assert (rejected.precision.answered, rejected.precision.agreed) == (1, 0)
    assert rejected.high == pytest.approx(0.975)


@pytest.mark.parametrize(
    ("agreed", "answered", "low", "high"),
    [(0, 10, 0.0, 0.3085), (10, 10, 0.6915, 1.0), (97, 100, 0.9148, 0.9938)],
)
def test_the_interval_is_the_exact_binomial_one(
    agreed: int, answered: int, low: float, high: float
) -> None:
    found = interval(agreed, answered)

    assert found[0] == pytest.approx(low, abs=1e-4)
    assert found[1] == pytest.approx(high, abs=1e-4)


def test_without_answers_there_is_no_interval() -> None:
    assert interval(0, 0) == (None, None)
