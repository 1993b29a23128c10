"""Two weeks of a newsroom: a new rule and a wave of spam are learnt, a poisoned batch is not.

Everything is real but the readers, the moderators and the clock: the bundled champion, the
services, the database, the corpus, training, comparison and promotion.
"""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from moderation.classifier.artifact import champion_version, load_champion
from moderation.domain.comment import Story, Submission
from moderation.domain.decision import Decision, Source
from moderation.domain.scorer import Scorer
from moderation.domain.verdict import Label, Verdict
from moderation.services import review
from moderation.services.intake import Intake
from moderation.services.records import Record
from moderation.services.review import Hold
from moderation.storage import sites
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.sites import Site
from tests.training.cycle import talk
from training.commands import training
from training.cycle.outcome import Outcome
from training.cycle.running import PAGE, Request, run

BUNDLED = Path(__file__).parents[3] / "models"
MONDAY = datetime(2026, 11, 9, 0, 0, tzinfo=UTC)
BETWEEN_COMMENTS = timedelta(minutes=33)
STORY = Story(title="Jalan desa diperbaiki tahun depan", section="Daerah")
Told = tuple[str, Label | None]


@dataclass
class Desk:
    """Comments arrive at the service, and a scripted moderator decides every one of them."""

    database: Database
    site: Site
    now: datetime = MONDAY
    count: int = 0

    def live(self, scorer: Scorer, told: Sequence[Told]) -> None:
        """Take comments in, one after the other, and decide each as it is told."""
        intake = Intake(self.database, scorer, Pseudonyms("for-the-tests"))
        for text, label in told:
            self.count += 1
            self.now += BETWEEN_COMMENTS
            submission = Submission(f"c-{self.count}", text, article=STORY)
            record, _ = intake.submit(self.site, submission, now=self.now)
            self._decide(record, label)

    def _decide(self, record: Record, label: Label | None) -> None:
        """Decide in the queue, or on the site itself what the machine let pass or rejected."""
        at = self.now + timedelta(minutes=5)
        decision = Decision.REJECT if label else Decision.APPROVE
        labels = [label] if label else []
        with self.database.writing() as tx:
            if record.item is None:
                review.take_feedback(
                    tx, self.site.id, record.comment.id,
                    decision=decision, labels=labels, reporter="situs", now=at,
                )  # fmt: skip
                return
            review.claim_one(
                tx, record.item.id, moderator="sari", lease=timedelta(minutes=5), now=at
            )
            review.decide(
                tx, record.item.id, Hold(moderator="sari"), site_id=None, decision=decision,
                labels=labels, note="", source=Source.CONSOLE, now=at,
            )  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Desk]:
    shutil.copyfile(migrated_sqlite, tmp_path / "moderation.db")
    database = Database(url(tmp_path), sqlite_synchronous="NORMAL")
    with database.writing() as tx:
        site = sites.add_site(tx, "kabar", now=MONDAY)
    yield Desk(database, site)
    database.close()


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """The bundled champion, and room for challengers."""
    version = champion_version(BUNDLED)
    shutil.copytree(BUNDLED / version, tmp_path / "models" / version)
    shutil.copyfile(BUNDLED / "champion.json", tmp_path / "models" / "champion.json")
    return tmp_path / "models"


def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'moderation.db'}"


def comments(seed: int, *, advertised: int, taunted: int, ordinary: int) -> list[Told]:
    """Return comments in the order they come, with what an honest moderator says of each."""
    told: list[Told] = [(text, Label.SPAM) for text in talk.advertised(advertised, seed)]
    told += [(text, Label.ABUSE) for text in talk.taunted(taunted, seed)]
    told += [(text, None) for text in talk.ordinary(ordinary, seed)]
    Random(seed).shuffle(told)
    return told


def poisoned(told: Sequence[Told], share: float, seed: int) -> list[Told]:
    """Flip a share of the answers: harm is published, harmless comments are spam."""
    rng = Random(seed)
    return [
        (text, (None if label else Label.SPAM) if rng.random() < share else label)
        for text, label in told
    ]


def verdicts(scorer: Scorer, texts: Sequence[str]) -> Counter[Verdict]:
    readings = scorer.read([Submission("c", text, article=STORY).passage() for text in texts])
    return Counter(
        scorer.policy.decide(one.scores, known_language=one.known_language).verdict
        for one in readings
    )


def typed(models: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(training, [*words, "--models", str(models)])
    return result.exit_code, result.output


def silent(_: str) -> None:
    pass


def test_a_newsroom_lives_two_weeks_and_then_is_poisoned(
    desk: Desk, models: Path, tmp_path: Path
) -> None:
    old = load_champion(models)
    next_week = {
        "advertised": talk.advertised(150, seed=99),
        "taunted": talk.taunted(40, seed=99),
        "ordinary": talk.ordinary(200, seed=99),
    }
    before = {kind: verdicts(old, texts) for kind, texts in next_week.items()}
    assert before["advertised"][Verdict.REJECT] < 0.5 * 150
    assert before["taunted"][Verdict.APPROVE] > 0

    desk.live(old, comments(1, advertised=250, taunted=100, ordinary=250))
    report = run(Request(url(tmp_path), models, tmp_path / "work", None, desk.now), silent)

    assert desk.now - MONDAY < timedelta(days=14)
    assert (report.outcome, list(report.worse)) == (Outcome.PROMOTED, [])
    new = load_champion(models)
    assert new.version == report.champion_after != old.version
    after = {kind: verdicts(new, texts) for kind, texts in next_week.items()}
    assert after["advertised"][Verdict.REJECT] > 0.7 * 150
    assert after["taunted"][Verdict.APPROVE] < before["taunted"][Verdict.APPROVE]
    assert after["ordinary"][Verdict.REJECT] == 0
    assert after["ordinary"][Verdict.APPROVE] >= before["ordinary"][Verdict.APPROVE] - 2
    assert queue(after) < queue(before)

    honest = comments(2, advertised=150, taunted=80, ordinary=200)
    desk.live(new, poisoned(honest, share=0.4, seed=5))
    report = run(Request(url(tmp_path), models, tmp_path / "work", None, desk.now), silent)

    assert report.outcome is Outcome.REFUSED
    assert any(sentence.startswith("spam (") for sentence in report.worse)
    page = (tmp_path / "work" / report.version / PAGE).read_text("utf-8")
    assert "Model baru TIDAK dipakai" in page
    status, output = typed(models, "promote", report.version)
    assert (status, "- spam (" in output) == (1, True)
    assert load_champion(models).version == new.version

    status, _ = typed(models, "rollback", "--reason", "the house rule is withdrawn")

    assert status == 0
    assert load_champion(models).version == old.version


def queue(found: dict[str, Counter[Verdict]]) -> int:
    return sum(counted[Verdict.REVIEW] for counted in found.values())
