"""Naming the kind of spam, and models that have no head for it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from moderation.classifier.artifact import load_champion, load_version
from moderation.classifier.kinds import KindWeights
from moderation.classifier.scorer import LinearScorer, Weights
from moderation.domain.policy import Policy
from moderation.domain.scorer import Passage, Scorer
from moderation.domain.verdict import SPAM_KINDS, Label, SpamKind
from tests.classifier.conftest import word_key
from training import bundle

CREATED = datetime(2026, 11, 2, tzinfo=UTC)
WORDS = {"gacor": SpamKind.JUDOL, "cair": SpamKind.PINJOL}


def name(scorer: Scorer, text: str) -> SpamKind | None:
    return scorer.explain([Passage(text)], [[Label.SPAM]])[0].spam_kind


@pytest.fixture
def kinds() -> KindWeights:
    sparse = np.zeros((len(WORDS), len(SPAM_KINDS)), np.float32)
    for row, kind in enumerate(WORDS.values()):
        sparse[row, SPAM_KINDS.index(kind)] = 9
    return KindWeights(
        keys=np.array([word_key(word) for word in WORDS], np.uint64),
        idf=np.ones(len(WORDS), np.float32),
        sparse=sparse,
        bias=np.zeros(len(SPAM_KINDS), np.float32),
        characters=len(WORDS),
        sure=0.5,
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("slot gacor", SpamKind.JUDOL),
        ("dana cair hari ini", SpamKind.PINJOL),
        ("𝐠𝐚𝐜𝐨𝐫", SpamKind.JUDOL),
        ("gacor cair", None),
        ("kata lain", None),
        ("", None),
    ],
)
def test_the_kind_is_named_where_one_is_likely(
    text: str, kind: SpamKind | None, weights: Weights, policy: Policy, kinds: KindWeights
) -> None:
    scorer = LinearScorer("tiny", policy, weights, replace(kinds, sure=0.6))

    assert name(scorer, text) is kind
    assert [one.spam_kind for one in scorer.explain([Passage(text)] * 3, [[Label.SPAM]] * 3)] == [
        kind
    ] * 3
    assert scorer.explain([Passage(text)], [[Label.ABUSE]])[0].spam_kind is None


def test_the_kind_head_travels_in_the_model_file(
    tmp_path: Path, weights: Weights, policy: Policy, kinds: KindWeights
) -> None:
    bundle.save(tmp_path / "tiny", weights, policy, {}, created=CREATED, kinds=kinds)

    assert name(load_version(tmp_path, "tiny"), "gacor") is SpamKind.JUDOL


def test_a_model_without_a_kind_head_still_loads_and_names_nothing(models_dir: Path) -> None:
    assert name(load_champion(models_dir), "slot gacor") is None
