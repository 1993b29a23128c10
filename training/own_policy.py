"""Thresholds for an adapted model: the newsroom's where its held rows can carry them.

A held slice is mostly what waited for a person; of what the champion approved by itself it shows
little. So its own review thresholds are taken only where they let no more harm through than the
champion did, and a rejection is promised, or taken away, only on enough of its rows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import binom

from moderation.domain.policy import Band, Policy
from moderation.domain.scorer import Passage, Scorer
from moderation.domain.verdict import LABELS, Label
from training.dataset.rows import Row
from training.policies import CLEAR
from training.thresholds import CONFIDENCE, TOLERATED, Cut, cut, rejecting

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FEWEST = 100
"""How many harmful and how many harmless held rows a newsroom's own review thresholds need."""
_STEPS = np.linspace(-2, 2, 41)


@dataclass(frozen=True, slots=True)
class OwnPromises:
    """What was found on the held rows; ``rejected`` has the labels whose threshold they set.

    ``disproved`` are the labels whose rejection by machine they took away.
    """

    held: int
    harmful: int
    own_review: bool
    approved: Cut
    rejected: Mapping[Label, Cut]
    disproved: Sequence[Label]

    def to_json(self) -> dict[str, Any]:
        """Return the form a manifest keeps."""
        return {
            "held": self.held,
            "harmful": self.harmful,
            "own_review": self.own_review,
            "approved": self.approved.to_json(),
            "rejected": {label.value: kept.to_json() for label, kept in self.rejected.items()},
            "disproved": [label.value for label in self.disproved],
        }


def scores_of(scorer: Scorer, passages: Sequence[Passage]) -> Floats:
    """Return calibrated scores, a row a passage and a column a label."""
    readings = scorer.read(passages)
    table = [[reading.scores[label] for label in LABELS] for reading in readings]
    return np.array(table, np.float64).reshape(len(passages), len(LABELS))


def own_policy(
    version: str,
    scorer: Scorer,
    champion: Scorer,
    held: Sequence[Row],
    *,
    adapted: Collection[Label],
) -> tuple[Policy, OwnPromises]:
    """Choose the thresholds of an adapted model from rows it has not seen, and the champion's."""
    passages = [row.passage for row in held]
    scores, base = scores_of(scorer, passages), champion.policy
    harm = np.array([row.harmful for row in held], bool)
    review = np.array([base.bands[label].review for label in LABELS])
    levels = _own_levels(
        scores,
        scores_of(champion, passages),
        harm,
        review,
        np.array([label in adapted for label in LABELS]),
    )
    taken = {
        label: kept
        for at, label in enumerate(LABELS)
        if (kept := rejecting(scores[:, at], ~harm, at_least=max(float(levels[at]), CLEAR)))
    }
    disproved = [
        label
        for at, label in enumerate(LABELS)
        if label not in taken
        and (before := base.bands[label].reject) is not None
        and _is_disproved(scores[:, at] >= before, ~harm)
    ]
    bands = {
        label: _band(float(levels[at]), base.bands[label].reject, taken.get(label))
        for at, label in enumerate(LABELS)
    }
    bands |= {label: replace(bands[label], reject=None) for label in disproved}
    passed: Flags = np.all(scores < levels, axis=1)
    approved = cut(0.0, passed, harm)
    own_review = not np.array_equal(levels, review)
    promises = OwnPromises(len(held), int(harm.sum()), own_review, approved, taken, disproved)
    return Policy(version, bands), promises


def _band(review: float, before: float | None, own: Cut | None) -> Band:
    if own is not None:
        return Band(review, own.threshold)
    return Band(review, None if before is None else max(before, review))


def _own_levels(
    scores: Floats, champions: Floats, harm: Flags, review: Floats, adapted: Flags
) -> Floats:
    """Return the review thresholds the held rows ask for, or the champion's.

    All adapted labels move by one step of log-odds: a few hundred rows carry one choice, not five.
    ``champions`` are the champion's scores: what its thresholds stopped, nothing may let through.
    """
    if min(harm.sum(), (~harm).sum()) < FEWEST:
        return review
    caught_before, _ = _treated(champions, harm, review)
    best, best_right = review, sum(_treated(scores, harm, review))
    for step in _STEPS:
        levels = np.where(adapted, _moved(review, step), review)
        caught, spared = _treated(scores, harm, levels)
        if caught >= caught_before and caught + spared > best_right:
            best, best_right = levels, caught + spared
    return best


def _moved(levels: Floats, step: float) -> Floats:
    moved: Floats = 1 / (1 + np.exp(-step) * (1 - levels) / levels)
    return moved


def _treated(scores: Floats, harm: Flags, levels: Floats) -> tuple[float, float]:
    """Return the share of harmful rows that are stopped, and of harmless ones that are not."""
    stopped = np.any(scores >= levels, axis=1)
    return float(stopped[harm].mean()), float((~stopped[~harm]).mean())


def _is_disproved(decided: Flags, harmless: Flags) -> bool:
    """Tell whether more than 1 in 100 rejected are harmless, with 95% confidence."""
    count, wrong = int(decided.sum()), int((decided & harmless).sum())
    return bool(wrong and binom.sf(wrong - 1, count, TOLERATED) < 1 - CONFIDENCE)
