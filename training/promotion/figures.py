"""Figures of two models on the same rows, with intervals of their differences.

Rows that belong together, such as near-copies, are drawn together; both models are measured on
the very same draws, so that what is common to them cancels out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Weights = npt.NDArray[np.float32]

RESAMPLES = 400
CONFIDENCE = 0.95
_SEED = 23


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of the champion and of the challenger, and between what their difference lies."""

    champion: float
    challenger: float
    low: float
    high: float

    @property
    def change(self) -> float:
        """Return how much better the challenger is; negative if it is worse."""
        return self.challenger - self.champion


def draws(groups: Sequence[str], resamples: int = RESAMPLES) -> Weights:
    """Return how often each row stands in each resampled set, whole groups at a time.

    The first row of the answer is the set itself. The same groups give the same draws.
    """
    _, group = np.unique(np.array(groups, dtype=str), return_inverse=True)
    count = int(group.max()) + 1 if group.size else 0
    if not count:
        return np.ones((resamples + 1, 0), np.float32)
    rng = np.random.default_rng(_SEED)
    drawn = rng.multinomial(count, np.full(count, 1 / count), resamples)
    every = np.concatenate((np.ones((1, count), drawn.dtype), drawn))
    return every.astype(np.float32)[:, group]


def average_precision(weight: Weights, holds: Flags, scores: Floats) -> Floats:
    """Return the area under precision and recall for each weighting of the rows."""
    order = np.argsort(-scores, kind="stable")
    # Rows with the same score are told together, so precision is taken after the last of them.
    last = np.searchsorted(-scores[order], -scores[order], side="right") - 1
    at = np.flatnonzero(holds[order])
    every = weight[:, order]
    found = np.cumsum(every[:, at], axis=1)
    until = np.searchsorted(at, last[at], side="right") - 1
    drawn = np.cumsum(every, axis=1)[:, last[at]]
    precise = np.divide(found[:, until], drawn, out=np.zeros_like(found), where=drawn > 0)
    return _ratio((precise * every[:, at]).sum(axis=1), found[:, -1])


def f1(weight: Weights, holds: Flags, told: Flags) -> Floats:
    """Return F1 of what was told for each weighting of the rows."""
    right = _sum(weight, holds & told)
    return _ratio(2 * right, _sum(weight, holds) + _sum(weight, told))


def share(weight: Weights, of: Flags, which: Flags) -> Floats:
    """Return the share of some rows that has a property, for each weighting of the rows."""
    return _ratio(_sum(weight, of & which), _sum(weight, of))


def difference(champion: Floats, challenger: Floats) -> Difference:
    """Compare figures of the same draws; the first is that of the set itself."""
    changes = (challenger - champion)[1:]
    changes = changes[np.isfinite(changes)]
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(changes, (tail, 1 - tail)) if changes.size else (-1.0, 1.0)
    return Difference(float(champion[0]), float(challenger[0]), float(low), float(high))


def _sum(weight: Weights, of: Flags) -> Floats:
    total: Floats = weight[:, of].sum(axis=1, dtype=np.float64)
    return total


def _ratio(over: Floats | Weights, under: Floats | Weights) -> Floats:
    ratio: Floats = np.divide(over, under, out=np.full(over.shape, np.nan), where=under > 0)
    return ratio
