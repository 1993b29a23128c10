"""A newsroom that has decided enough, and a training step that takes no time."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from moderation.domain.verdict import Label
from moderation.services.intake import Intake
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.sites import Site
from tests.factories import FakeScorer
from tests.training.dataset.conftest import Newsroom
from tests.training.promotion.conftest import evidence, models
from tests.training.promotion.versions import WORDS, make_version
from training.cycle import steps
from training.cycle.running import Request

__all__ = ["evidence", "models"]

NOW = datetime(2026, 12, 21, 3, 0, tzinfo=UTC)
Words = Mapping[str, tuple[Label, float]]


@pytest.fixture
def newsroom(database: Database, site: Site) -> Newsroom:
    """Twenty comments, every second one rejected as an insult."""
    scorer = FakeScorer(words={"": {Label.ABUSE: 0.5}})
    room = Newsroom(database, site, Intake(database, scorer, Pseudonyms("for-the-tests")))
    for number in range(20):
        text = f"kata{number} tentang{number} jalan{number} desa{number} rusak{number}"
        insult = number % 2 == 0
        record = room.comment(f"{text} goblok" if insult else text)
        room.decide(record, *[Label.ABUSE] if insult else [])
    return room


class Trainer:
    """Stands in for training: writes a version that knows some words."""

    words: Words = WORDS
    error: Exception | None = None
    base: str = ""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, dataset: Path, base: Path, out: Path, *more: Any) -> None:
        sys.stdout.write(f"learning from {dataset.name} and {base.name}")
        self.seen.append(base.name)
        if self.error is not None:
            out.mkdir()
            (out / "model.joblib").write_bytes(b"half")
            raise self.error
        make_version(out.parent, out.name, self.words, base=self.base)


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> Trainer:
    trainer = Trainer()
    monkeypatch.setattr(steps, "train", trainer)
    monkeypatch.setattr(steps, "FEWEST_TO_LEARN", 10)
    monkeypatch.setattr(steps, "FEWEST_HELD", 4)
    return trainer


@pytest.fixture
def asked(
    models: Path, evidence: Any, database_url: str, tmp_path: Path, newsroom: Newsroom
) -> Request:
    return Request(database_url, models, tmp_path / "work", None, NOW, evidence.corpus)
