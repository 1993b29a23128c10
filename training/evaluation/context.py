"""What article and parent are worth: the same held-out topics, learnt and scored without them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score

from moderation.domain.scorer import Passage
from moderation.domain.verdict import LABELS
from training import corpus_reader, pipeline
from training.examples import Example
from training.families import Families
from training.fitting import held_out_margins
from training.folding import folds_of
from training.learning import FOLDS, Learnt, Log, calibrated
from training.policies import choose_policy
from training.streaming import Truth

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_RESAMPLES = 300


def context_ablation(learnt: Learnt, log: Log) -> dict[str, Any]:
    """Compare the model with one that never saw a context, on corpus lines that have one.

    Both are judged on topics held out, each at thresholds chosen the same way. The differences
    come with 95% bootstrap intervals over the lines, drawn in pairs.
    """
    material = learnt.material
    rows = [replace(row, passage=Passage(row.passage.text)) for row in material.rows]
    table = pipeline.matrix(pipeline.extracts([row.passage for row in rows]), material.space)
    folds = folds_of(rows, FOLDS)
    families = Families.of(material.space)
    blind = held_out_margins(table, families, Truth.of(rows), folds, log)[: material.own]
    with_context = _Judged.of(learnt.margins, learnt.examples)
    without = _Judged.of(blind, learnt.examples)
    return {
        which: _compared(with_context.only(chosen), without.only(chosen))
        for which, chosen in _slices(learnt.examples).items()
    }


def _slices(examples: Sequence[Example]) -> dict[str, Flags]:
    article = np.array([row.passage.article is not None for row in examples])
    parent = np.array([row.passage.parent is not None for row in examples])
    corpus = np.array([row.source == corpus_reader.SOURCE for row in examples])
    return {
        "with an article or a parent": corpus & (article | parent),
        "with an article": corpus & article,
        "with a parent": corpus & parent,
    }


class _Judged:
    """Held-out margins and what they would have been answered, beside the truth."""

    def __init__(self, margins: Floats, right: Flags, truth: Flags) -> None:
        self.margins, self.right, self.truth = margins, right, truth

    @classmethod
    def of(cls, margins: Floats, examples: Sequence[Example]) -> "_Judged":
        _, scores = calibrated(margins, examples)
        policy, _ = choose_policy("ablation", scores, examples)
        levels = np.array([policy.bands[label].review for label in LABELS])
        stopped = (scores >= levels).any(axis=1)
        harm = np.array([row.harmful for row in examples])
        truth = np.stack([pipeline.truth(examples, label) for label in LABELS], axis=1)
        return cls(margins, stopped == harm, truth)

    def only(self, chosen: npt.NDArray[Any]) -> "_Judged":
        return _Judged(self.margins[chosen], self.right[chosen], self.truth[chosen])

    def precision(self) -> float:
        """Return the average precision, averaged over the labels that occur."""
        return float(
            np.mean(
                [
                    average_precision_score(self.truth[:, at], self.margins[:, at])
                    for at in range(len(LABELS))
                    if self.truth[:, at].any()
                ]
            )
        )


def _compared(one: _Judged, other: _Judged) -> dict[str, Any]:
    rng = np.random.default_rng(11)
    size = one.right.size
    precision, right = [], []
    for _ in range(_RESAMPLES):
        drawn = rng.integers(0, size, size)
        left, rest = one.only(drawn), other.only(drawn)
        precision.append(left.precision() - rest.precision())
        right.append(float(left.right.mean() - rest.right.mean()))
    return {
        "lines": size,
        "average_precision": _figures(one.precision(), other.precision(), precision),
        "treated_rightly": _figures(float(one.right.mean()), float(other.right.mean()), right),
    }


def _figures(one: float, other: float, differences: Sequence[float]) -> dict[str, float]:
    low, high = np.quantile(differences, (0.025, 0.975)).tolist()
    values = {"with": one, "without": other, "gain": one - other, "from": low, "to": high}
    return {name: round(value, 4) for name, value in values.items()}
