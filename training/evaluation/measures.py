"""Figures with the interval that a resampled test set gives them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, f1_score

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Measure = Callable[[Flags, Floats], float]

_RESAMPLES = 300


def f1(holds: Flags, scores: Floats) -> float:
    """Return F1 of the label, taken to hold where the score is above 0."""
    return float(f1_score(holds, scores > 0))


def average_precision(holds: Flags, scores: Floats) -> float:
    """Return the area under precision and recall."""
    return float(average_precision_score(holds, scores))


def with_interval(measure: Measure, holds: Flags, scores: Floats) -> dict[str, Any]:
    """Return a figure and its 95% bootstrap interval over the test rows."""
    rng = np.random.default_rng(11)
    again = []
    for _ in range(_RESAMPLES):
        rows = rng.integers(0, holds.size, holds.size)
        if holds[rows].any():
            again.append(measure(holds[rows], scores[rows]))
    low, high = np.quantile(again, (0.025, 0.975))
    return {"value": _short(measure(holds, scores)), "from": _short(low), "to": _short(high)}


def _short(value: float) -> float:
    return round(float(value), 4)
