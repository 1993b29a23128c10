"""A tiny scorer with weights for a few words, written to disk as training would."""

import json
from pathlib import Path

import joblib
import numpy as np
import pytest

from moderation.classifier import artifact, style
from moderation.classifier.ngrams import Grams
from moderation.classifier.scorer import LinearScorer, Weights
from moderation.classifier.script import Script
from moderation.domain.policy import Band, Policy
from moderation.domain.verdict import LABELS, Label

KNOWN = {
    "gacor": (Label.SPAM, 9.0),
    "slot": (Label.SPAM, 5.0),
    "goblok": (Label.ABUSE, 9.0),
    "bupati": (Label.ABUSE, 0.0),
    "dasar": (Label.ABUSE, 0.1),
    "ayo": (Label.SPAM, 0.0),
    "main": (Label.SPAM, 0.0),
}


def word_key(word: str) -> np.uint64:
    key: np.uint64 = Grams.of(Script.of([word])).keys[0]
    return key


@pytest.fixture
def weights() -> Weights:
    sparse = np.zeros((len(KNOWN), len(LABELS)), np.float32)
    for row, (label, weight) in enumerate(KNOWN.values()):
        sparse[row, LABELS.index(label)] = weight
    return Weights(
        keys=np.array([word_key(word) for word in KNOWN], np.uint64),
        idf=np.ones(len(KNOWN), np.float32),
        sparse=sparse,
        dense=np.zeros((len(style.NAMES), len(LABELS)), np.float32),
        bias=np.full(len(LABELS), -3, np.float32),
        slope=np.ones(len(LABELS), np.float32),
        offset=np.zeros(len(LABELS), np.float32),
        characters=len(KNOWN),
        known_share=0.25,
    )


@pytest.fixture
def policy() -> Policy:
    return Policy("tiny", {label: Band(0.3, 0.9) for label in LABELS})


@pytest.fixture
def scorer(weights: Weights, policy: Policy) -> LinearScorer:
    return LinearScorer("tiny", policy, weights)


@pytest.fixture
def models_dir(tmp_path: Path, weights: Weights, policy: Policy) -> Path:
    """A models folder whose champion is the tiny scorer."""
    folder = tmp_path / "models" / "tiny"
    folder.mkdir(parents=True)
    joblib.dump(weights.to_plain(), folder / artifact.MODEL)
    (folder / artifact.POLICY).write_text(json.dumps(policy.to_json()), encoding="utf-8")
    rewrite_manifest(folder)
    pointer = folder.parent / artifact.POINTER
    pointer.write_text(json.dumps({"version": "tiny"}), encoding="utf-8")
    return folder.parent


def rewrite_manifest(folder: Path, **changed: object) -> None:
    """Describe the files of a version as they are now."""
    manifest = {
        "digests": {
            name: artifact.digest(folder / name) for name in (artifact.MODEL, artifact.POLICY)
        },
        "versions": artifact.library_versions(),
        **changed,
    }
    (folder / artifact.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
