"""Set thresholds with a promise where the data can carry one, and say so where it cannot.

Learn-Then-Test by hand: candidates are tried from the safest on, each with an exact binomial test
of the promise, and the last one that passes before the first failure is taken; the order being
fixed beforehand, all tests together keep the confidence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

CONFIDENCE = 0.95
TOLERATED = 0.01
_CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Cut:
    """A threshold with what is known about it: ``wrong`` of ``decided`` held-back comments.

    ``bound`` is the upper end of what the share of wrong ones can be with 95% confidence;
    ``promised`` tells whether it is within 1 in 100.
    """

    threshold: float
    decided: int
    wrong: int
    bound: float
    promised: bool

    def to_json(self) -> dict[str, Any]:
        """Return the form kept in ``report.json``."""
        return asdict(self)


def upper_bound(wrong: int, decided: int, confidence: float = CONFIDENCE) -> float:
    """Return the exact (Clopper-Pearson) one-sided upper bound of a share."""
    if wrong >= decided:
        return 1.0
    return float(beta.ppf(confidence, wrong + 1, decided - wrong))


def cut(threshold: float, decided: Flags, wrong: Flags) -> Cut:
    """Judge a threshold by the held-back comments it would decide."""
    count, errors = int(decided.sum()), int((decided & wrong).sum())
    bound = upper_bound(errors, count)
    return Cut(float(threshold), count, errors, bound, bound <= TOLERATED)


def furthest_safe(cuts: Iterable[Cut]) -> Cut | None:
    """Return the last cut before the first that breaks the promise; too little data is no breach."""
    safe: Cut | None = None
    for candidate in cuts:
        if candidate.promised:
            safe = candidate
        elif safe is not None or _hopeless(candidate):
            break
    return safe


def _hopeless(candidate: Cut) -> bool:
    """Tell a share of errors that is too high from a number of comments that is too low."""
    return candidate.decided > 0 and candidate.wrong / candidate.decided > TOLERATED


def rejecting(scores: Floats, harmless: Flags, *, at_least: float) -> Cut | None:
    """Find the lowest score from which at most 1 in 100 rejected comments is harmless."""
    levels = _levels(scores[scores >= at_least])[::-1]
    return furthest_safe(cut(level, scores >= level, harmless) for level in levels)


def approving(worst: Floats, harmful: Flags) -> Cut | None:
    """Find the highest level below which at most 1 in 100 approved comments is harmful.

    ``worst`` is each comment's position on the way from safest to riskiest.
    """
    return furthest_safe(cut(level, worst < level, harmful) for level in _levels(worst))


def _levels(values: Floats) -> Sequence[float]:
    if not values.size:
        return []
    levels: list[float] = np.unique(np.quantile(values, np.linspace(0, 1, _CANDIDATES))).tolist()
    return levels


def balanced_levels(
    scores: Floats, harm: Flags, kinds: npt.NDArray[np.int64], *, sweeps: int = 3
) -> Floats:
    """Choose review thresholds without a promise: those that serve every phenomenon alike.

    ``scores`` has a column a label; a comment is stopped when any column reaches its threshold.
    Coordinate ascent on the mean, over the phenomena ``kinds``, of the share treated rightly.
    """
    weight = 1.0 / np.bincount(kinds)[kinds]
    weight /= weight.sum()
    grids = [np.quantile(column, np.linspace(0.5, 0.995, 100)) for column in scores.T]
    levels = np.array([grid[70] for grid in grids])
    for _ in range(sweeps):
        for label, grid in enumerate(grids):
            others = np.delete(np.arange(levels.size), label)
            stopped = (scores[:, others] >= levels[others]).any(axis=1)
            right = [
                float(weight[(stopped | (scores[:, label] >= level)) == harm].sum())
                for level in grid
            ]
            levels[label] = grid[int(np.argmax(right))]
    return levels
