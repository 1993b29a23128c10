"""Find thresholds that keep a promise with a stated confidence, or none.

Learn-Then-Test (Angelopoulos et al., 2021) by hand: candidates are tried from the safest on, each
with an exact binomial test of the promise, and the last one that passes before the first failure
is taken; the order being fixed beforehand, all tests together keep the confidence.
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


def upper_bounds(
    wrong: npt.NDArray[np.int64], decided: npt.NDArray[np.int64], confidence: float = CONFIDENCE
) -> Floats:
    """Return the bounds of many shares at once."""
    bounds = beta.ppf(confidence, wrong + 1, np.maximum(decided - wrong, 1))
    return np.where(wrong >= decided, 1.0, bounds)


def cut(threshold: float, decided: Flags, wrong: Flags) -> Cut:
    """Judge a threshold by the held-back comments it would decide."""
    count, errors = int(decided.sum()), int((decided & wrong).sum())
    bound = upper_bound(errors, count)
    return Cut(float(threshold), count, errors, bound, bound <= TOLERATED)


def furthest_safe(cuts: Iterable[Cut]) -> Cut | None:
    """Return the last cut before the first breach of the promise; too little data is no breach."""
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
