from datetime import timedelta

import pytest

from moderation.domain.comment import Story, Submission
from moderation.domain.decision import Decision
from moderation.domain.forecast import Evidence
from moderation.domain.verdict import Label, Verdict
from moderation.services import forecasting, review
from moderation.services.forecasting import Preview, Promise, upper_bound
from moderation.services.intake import Intake
from moderation.services.records import find_record_by_comment_id
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.queue import Filter
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer

TWO_DAYS_LATER = MONDAY + timedelta(days=2)


@pytest.fixture
def intake(database: Database) -> Intake:
    scorer = FakeScorer(words={"ragu": {Label.ABUSE: 0.35}, "gacor": {Label.SPAM: 0.95}})
    return Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"))


def submit(intake: Intake, site: Site, text: str, count: int, section: str = "Dunia") -> None:
    for number in range(count):
        submission = Submission(f"{text}-{section}-{number}", text, article=Story(section=section))
        intake.submit(site, submission, now=MONDAY)


def decide_waiting(intake: Intake, site: Site, *, reject: int) -> None:
    with intake.database.writing() as tx:
        waiting = review.claim(
            tx,
            Filter(site_id=site.id),
            moderator="sari",
            count=100,
            lease=timedelta(minutes=5),
            now=MONDAY,
        )
        for place, record in enumerate(waiting):
            rejected = place < reject
            review.take_feedback(
                tx,
                site.id,
                record.comment.id,
                decision=Decision.REJECT if rejected else Decision.APPROVE,
                labels=[Label.ABUSE] if rejected else [],
                reporter="sari",
                now=MONDAY,
            )


def preview(intake: Intake, site: Site, *, allowed: int, section: str = "") -> Preview:
    with intake.database.reading() as tx:
        return forecasting.preview(
            tx,
            site,
            section,
            intake.scorer,
            intake.scorer.policy,
            allowed=allowed,
            now=TWO_DAYS_LATER,
        )


def test_the_preview_counts_what_a_day_would_bring(intake: Intake, site: Site) -> None:
    submit(intake, site, "ragu", 4)
    submit(intake, site, "gacor", 2)
    submit(intake, site, "halo", 10, section="Daerah")

    found = preview(intake, site, allowed=100)
    abroad = preview(intake, site, allowed=100, section="Dunia")

    assert found.per_day(found.present, Verdict.REVIEW) == 2
    assert found.per_day(found.present, Verdict.REJECT) == 1
    assert found.per_day(found.present, Verdict.APPROVE) == 5
    assert abroad.forecast.considered == 6


def test_without_decisions_nothing_is_promised(intake: Intake, site: Site) -> None:
    submit(intake, site, "halo", 20)

    found = preview(intake, site, allowed=100)

    assert (found.promise, found.bound) == (Promise.THIN, None)


def test_enough_harmless_decisions_bear_a_promise_out(intake: Intake, site: Site) -> None:
    submit(intake, site, "ragu", 60)
    decide_waiting(intake, site, reject=0)

    found = preview(intake, site, allowed=50)

    assert found.forecast.counts[Verdict.APPROVE] == 60
    assert found.forecast.loosened[Label.ABUSE] == Evidence(60, 0)
    assert found.promise is Promise.KEPT


def test_enough_decisions_with_too_many_rejections_bear_nothing_out(
    intake: Intake, site: Site
) -> None:
    submit(intake, site, "ragu", 60)
    submit(intake, site, "halo", 400)
    decide_waiting(intake, site, reject=6)

    found = preview(intake, site, allowed=100)

    assert found.forecast.loosened[Label.ABUSE] == Evidence(60, 6)
    assert found.promise is Promise.DOUBTED


def test_a_strict_dial_publishes_nothing_people_rejected(intake: Intake, site: Site) -> None:
    submit(intake, site, "ragu", 3)
    submit(intake, site, "halo", 3)
    with intake.database.writing() as tx:
        for number in range(3):
            record = find_record_by_comment_id(tx, site.id, f"halo-Dunia-{number}")
            review.take_feedback(
                tx,
                site.id,
                record.comment.id,
                decision=Decision.REJECT,
                labels=[Label.HATE],
                reporter="sari",
                now=MONDAY,
            )

    assert preview(intake, site, allowed=1).forecast.counts[Verdict.APPROVE] == 0


def test_scores_of_another_model_count_for_nothing(intake: Intake, site: Site) -> None:
    submit(intake, site, "halo", 5)
    newer = FakeScorer(version="fake-2")

    with intake.database.reading() as tx:
        found = forecasting.preview(
            tx, site, "", newer, newer.policy, allowed=5, now=TWO_DAYS_LATER
        )

    assert found.forecast.considered == 0
    assert found.policy.bands == newer.policy.bands


@pytest.mark.parametrize(
    ("tested", "wrong", "bound"), [(59, 0, 0.0495), (300, 3, 0.0256), (10, 10, 1.0)]
)
def test_the_bound_is_the_exact_binomial_one(tested: int, wrong: int, bound: float) -> None:
    assert upper_bound(Evidence(tested, wrong)) == pytest.approx(bound, abs=2e-4)


def test_no_evidence_gives_no_bound() -> None:
    assert upper_bound(Evidence(0, 0)) is None
