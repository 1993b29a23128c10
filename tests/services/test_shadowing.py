import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from moderation.domain.comment import Submission
from moderation.domain.policy import Band
from moderation.domain.scorer import Passage, Reading
from moderation.domain.verdict import LABELS, Label, Verdict
from moderation.services import privacy
from moderation.services.intake import Intake
from moderation.services.privacy import SHADOW_KEPT, Retention
from moderation.services.shadowing import Shadow
from moderation.storage import shadow as stored
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.shadow import Pair
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer, a_policy

KEEP_ALL = Retention(None, None)


def a_challenger(**fields: object) -> FakeScorer:
    """A model that knows one word more than the champion and rejects abuse earlier."""
    words = {"gacor": {Label.SPAM: 0.95}, "goblok": {Label.ABUSE: 0.5}, "receh": {Label.SPAM: 0.4}}
    policy = a_policy(abuse=Band(0.2, 0.45))
    return FakeScorer(**{"words": words, "policy": policy, "version": "fake-2", **fields})  # type: ignore[arg-type]


def an_intake(database: Database, scorer: FakeScorer, shadow: Shadow) -> Intake:
    return Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"), shadow=shadow)


def pairs(database: Database) -> list[Pair]:
    with database.reading() as tx:
        return list(stored.list_pairs(tx, "fake-2"))


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("moderasi_shadowed_total", {"outcome": outcome}) or 0.0


def test_the_challenger_reads_beside_the_champion_and_decides_nothing(
    database: Database, scorer: FakeScorer, site: Site
) -> None:
    shadow = Shadow(database, a_challenger(), 1.0)
    intake = an_intake(database, scorer, shadow)
    verdicts = {}
    for number, text in enumerate(("dasar goblok", "promo receh", "terima kasih")):
        record, _ = intake.submit(site, Submission(f"c-{number}", text), now=MONDAY)
        verdicts[record.comment.id] = record.comment.assessment.verdict
    shadow.settle()

    found = pairs(database)

    assert {pair.comment_pk: pair.champion.verdict for pair in found} == verdicts
    assert {(pair.champion.verdict, pair.challenger.verdict) for pair in found} == {
        (Verdict.REVIEW, Verdict.REJECT),
        (Verdict.APPROVE, Verdict.REVIEW),
        (Verdict.APPROVE, Verdict.APPROVE),
    }
    spam = {pair.challenger.scores[Label.SPAM] for pair in found}
    assert spam == {0.01, 0.4}
    assert all(set(pair.champion.scores) == set(LABELS) for pair in found)


def test_a_share_of_nothing_and_a_champion_of_the_same_version_are_not_compared(
    database: Database, scorer: FakeScorer, site: Site
) -> None:
    for share, version in ((0.0, "fake-2"), (1.0, scorer.version)):
        shadow = Shadow(database, a_challenger(version=version), share)
        intake = an_intake(database, scorer, shadow)
        intake.submit(site, Submission(f"c-{version}", "dasar goblok"), now=MONDAY)
        shadow.settle()

    assert pairs(database) == []


def test_what_finds_no_room_is_dropped_and_counted_and_the_answer_waits_for_nothing(
    database: Database, scorer: FakeScorer, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Shadow, "MOST_WAITING", 2)
    reads, goes_on = threading.Event(), threading.Event()

    class Slow(FakeScorer):
        def read(self, passages: Sequence[Passage]) -> list[Reading]:
            reads.set()
            goes_on.wait()
            return super().read(passages)

    shadow = Shadow(database, Slow(version="fake-2"), 1.0)
    intake = an_intake(database, scorer, shadow)
    before = counted("dropped")
    intake.submit(site, Submission("c-0", "terima kasih"), now=MONDAY)
    reads.wait()
    for number in range(1, 6):
        intake.submit(site, Submission(f"c-{number}", "terima kasih"), now=MONDAY)
    goes_on.set()
    shadow.settle()

    assert len(pairs(database)) == 3
    assert counted("dropped") - before == 3


def test_a_failing_challenger_costs_the_service_nothing(
    database: Database,
    scorer: FakeScorer,
    site: Site,
    caplog: pytest.LogCaptureFixture,
) -> None:
    challenger = a_challenger(broken=True)
    shadow = Shadow(database, challenger, 1.0)
    intake = an_intake(database, scorer, shadow)
    record, _ = intake.submit(site, Submission("c-1", "terima kasih"), now=MONDAY)
    shadow.settle()
    challenger.broken = False
    intake.submit(site, Submission("c-2", "terima kasih"), now=MONDAY)
    shadow.settle()

    assert record.comment.assessment.verdict is Verdict.APPROVE
    assert len(pairs(database)) == 1
    assert "the challenger failed" in caplog.text


def test_the_comparison_is_forgotten_after_its_time(
    database: Database, scorer: FakeScorer, site: Site
) -> None:
    shadow = Shadow(database, a_challenger(), 1.0)
    intake = an_intake(database, scorer, shadow)
    later = MONDAY + timedelta(days=1)
    intake.submit(site, Submission("c-1", "terima kasih"), now=MONDAY)
    intake.submit(site, Submission("c-2", "terima kasih"), now=later)
    shadow.settle()

    privacy.retain(database, KEEP_ALL, actor="tests", now=MONDAY + SHADOW_KEPT + timedelta(hours=1))

    assert [pair.at for pair in pairs(database)] == [later]
