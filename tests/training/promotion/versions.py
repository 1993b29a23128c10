"""Small artefacts that are real in everything but size: a few words, each with its weight."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from moderation.classifier import style
from moderation.classifier.ngrams import Grams
from moderation.classifier.scorer import Weights
from moderation.classifier.script import Script
from moderation.domain.policy import Band, Policy
from moderation.domain.verdict import LABELS, Label
from training import bundle

CREATED = datetime(2026, 11, 2, tzinfo=UTC)
WORDS: Mapping[str, tuple[Label, float]] = {
    "gacor": (Label.SPAM, 9.0),
    "goblok": (Label.ABUSE, 9.0),
    "suku": (Label.HATE, 9.0),
    "bakar": (Label.THREAT, 9.0),
    "genit": (Label.SEXUAL, 9.0),
}


def weights_of(words: Mapping[str, tuple[Label, float]]) -> Weights:
    sparse = np.zeros((len(words), len(LABELS)), np.float32)
    for row, (label, weight) in enumerate(words.values()):
        sparse[row, LABELS.index(label)] = weight
    keys = [Grams.of(Script.of([word])).keys[0] for word in words]
    return Weights(
        keys=np.array(keys, np.uint64),
        idf=np.ones(len(words), np.float32),
        sparse=sparse,
        dense=np.zeros((len(style.NAMES), len(LABELS)), np.float32),
        bias=np.full(len(LABELS), -3, np.float32),
        slope=np.ones(len(LABELS), np.float32),
        offset=np.zeros(len(LABELS), np.float32),
        characters=len(words),
        known_share=0.0,
    )


def make_version(
    models: Path,
    version: str,
    words: Mapping[str, tuple[Label, float]] = WORDS,
    **origin: object,
) -> Path:
    """Write a version as training does."""
    policy = Policy(version, {label: Band(0.3, 0.9) for label in LABELS})
    told = {"corpus": {"lines": 0}, "sources": [], **origin}
    bundle.save(models / version, weights_of(words), policy, told, created=CREATED)
    return models / version
