"""Fit every label's head at once over a table that is larger than memory.

The same objective as ``pipeline.fit_head`` minimises: each step of L-BFGS reads the parts one
after the other, and all labels share the reading. Two vectors of weights for each of a few steps
are remembered, whatever the number of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.svm import LinearSVC

from moderation.domain.verdict import LABELS, Label
from training import pipeline
from training.examples import Example
from training.tables import Part, Table

Floats = npt.NDArray[np.float64]
Signs = npt.NDArray[np.int8]

# Measured on held-out rows: 40 steps lose .02 of average precision, 120 gain .004 for the rarest
# label at best. A first look at a quarter of the rows, and 30 steps on all after it, lose .02 too.
_STEPS, _REMEMBERED = 80, 6
_TOLERANCE = 1e-5


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of each row: a column a label of 1, -1, or 0 where unknown; and its trust."""

    signs: Signs
    trust: Floats

    @classmethod
    def of(cls, examples: Sequence[Example]) -> "Truth":
        """Read what the rows know."""
        signs = [
            [0 if (holds := row.known.get(label)) is None else 2 * holds - 1 for label in LABELS]
            for row in examples
        ]
        return cls(np.array(signs, np.int8), pipeline.trust(examples))


def fit(
    table: Table, parts: Sequence[Part], truth: Truth, strength: float
) -> dict[Label, LinearSVC]:
    """Fit all labels on some parts, in so many steps that more of them stop helping."""
    found = minimize(
        _Objective(table, parts, truth, strength),
        np.zeros((table.width + 1) * len(LABELS)),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _STEPS, "maxcor": _REMEMBERED, "ftol": _TOLERANCE, "gtol": 0.0},
    ).x
    columns = found.reshape(table.width + 1, len(LABELS))
    return {label: _head(columns[:, at]) for at, label in enumerate(LABELS)}


def margins(table: Table, part: Part, heads: dict[Label, LinearSVC]) -> Floats:
    """Return a part's margins, a column a label."""
    weights = np.stack([heads[label].coef_[0] for label in LABELS], axis=1)
    offsets = np.array([heads[label].intercept_[0] for label in LABELS])
    found: Floats = table.read(part) @ weights + offsets
    return found


class _Objective:
    """Loss and gradient of all heads side by side; the intercept is the last row."""

    def __init__(self, table: Table, parts: Sequence[Part], truth: Truth, strength: float) -> None:
        self._table, self._parts, self._truth = table, parts, truth
        rows = np.concatenate([part.rows for part in parts])
        signs = truth.signs[rows]
        known = np.abs(signs).sum(axis=0)
        # Both classes together weigh the same, as class_weight="balanced" has it.
        self._weight = {
            sign: strength * known / np.maximum(2 * (signs == sign).sum(axis=0), 1)
            for sign in (-1, 1)
        }

    def __call__(self, flat: Floats) -> tuple[float, Floats]:
        columns = flat.reshape(-1, len(LABELS))
        weights = columns[:-1].astype(np.float32)
        loss = 0.5 * float(flat @ flat)
        slope = columns.copy()
        for part in self._parts:
            features = self._table.read(part)
            signs = self._truth.signs[part.rows]
            share = np.where(signs > 0, self._weight[1], self._weight[-1]) * (signs != 0)
            share *= self._truth.trust[part.rows, None]
            agreed = (features @ weights + columns[-1]) * signs
            short = np.maximum(0, 1 - agreed)
            loss += float((share * short * short).sum())
            pull = -2 * share * signs * short
            slope[:-1] += features.T @ pull.astype(np.float32)
            slope[-1] += pull.sum(axis=0)
        return loss, slope.ravel()


def _head(column: Floats) -> LinearSVC:
    head = LinearSVC()
    head.classes_ = np.array([False, True])
    head.coef_, head.intercept_ = column[None, :-1].copy(), column[-1:].copy()
    return head
