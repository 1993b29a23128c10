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

from moderation.domain.verdict import LABELS
from training import pipeline
from training.examples import Example
from training.families import Families
from training.tables import Part, Table

Floats = npt.NDArray[np.float64]
Signs = npt.NDArray[np.int8]

# Measured on held-out rows: 40 steps lose .02 of average precision, 120 gain .004 for the rarest
# label at best. A first look at a quarter of the rows, and 30 steps on all after it, lose .02 too.
_STEPS, _REMEMBERED = 80, 6
_TOLERANCE = 1e-5

HEADS = len(LABELS) + 1
"""The labels' heads, and one for any harm."""
# To take one harm for another costs less than to take it for none: so much does a row weigh where
# a label does not hold but another does. Measured on held-out topics, phenomena treated rightly:
# .833 to .840, at .001 of the labels' average precision.
_OTHER_HARM = 0.3
# What people added to the gambling sources is about music and game videos, far from the news: at
# full weight it costs .006 of average precision on the corpus, at this it brings .001.
_ADDED = 0.2


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of each row, a column a head: 1, -1, or 0 where unknown; and what it weighs.

    The heads are those of the labels, and last one for any harm at all, which learns from the rows
    whose source knows every label.
    """

    signs: Signs
    weights: Floats

    @classmethod
    def of(cls, examples: Sequence[Example]) -> "Truth":
        """Read what the rows know."""
        known = [[_sign(row.known.get(label)) for label in LABELS] for row in examples]
        labels = np.array(known, np.int8).reshape(-1, len(LABELS))
        harmful = np.max(labels, axis=1, initial=-1) > 0
        added = np.array([[label in row.added for label in LABELS] for row in examples], bool)
        added = added.reshape(-1, len(LABELS))
        whole = (labels != 0).all(axis=1) & ~added.any(axis=1)
        any_harm = np.where(whole, np.where(harmful, 1, -1), 0)
        signs = np.column_stack((labels, any_harm)).astype(np.int8)
        weights = np.repeat(pipeline.trust(examples)[:, None], HEADS, axis=1)
        weights[(signs < 0) & harmful[:, None]] *= _OTHER_HARM
        weights[:, :-1][added] *= _ADDED
        return cls(signs, weights)


def _sign(holds: bool | None) -> int:
    return 0 if holds is None else 2 * holds - 1


def fit(
    table: Table, parts: Sequence[Part], truth: Truth, families: Families, strength: float
) -> list[LinearSVC]:
    """Fit all heads on some parts, in so many steps that more of them stop helping."""
    found = minimize(
        _Objective(table, parts, truth, families, strength),
        np.zeros((table.width + families.members.shape[1] + 1) * HEADS),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _STEPS, "maxcor": _REMEMBERED, "ftol": _TOLERANCE, "gtol": 0.0},
    ).x
    columns = found.reshape(-1, HEADS)
    weights = families.fold(columns[:-1])
    return [_head(weights[:, at], columns[-1, at]) for at in range(HEADS)]


def margins(table: Table, part: Part, heads: Sequence[LinearSVC]) -> Floats:
    """Return a part's margins, a column a head."""
    weights = np.stack([head.coef_[0] for head in heads], axis=1)
    offsets = np.array([head.intercept_[0] for head in heads])
    found: Floats = table.read(part) @ weights + offsets
    return found


class _Objective:
    """Loss and gradient of all heads side by side; the intercept is the last row."""

    def __init__(
        self,
        table: Table,
        parts: Sequence[Part],
        truth: Truth,
        families: Families,
        strength: float,
    ) -> None:
        self._table, self._parts, self._truth, self._families = table, parts, truth, families
        rows = np.concatenate([part.rows for part in parts])
        signs = truth.signs[rows]
        known = np.abs(signs).sum(axis=0)
        # Both classes together weigh the same, as class_weight="balanced" has it.
        self._weight = {
            sign: strength * known / np.maximum(2 * (signs == sign).sum(axis=0), 1)
            for sign in (-1, 1)
        }

    def __call__(self, flat: Floats) -> tuple[float, Floats]:
        columns = flat.reshape(-1, HEADS)
        weights = self._families.fold(columns[:-1]).astype(np.float32)
        loss = 0.5 * float(flat @ flat)
        slope = columns.copy()
        own = slope[: self._table.width]
        pulled = np.zeros_like(own)
        for part in self._parts:
            features = self._table.read(part)
            signs = self._truth.signs[part.rows]
            share = np.where(signs > 0, self._weight[1], self._weight[-1]) * (signs != 0)
            share *= self._truth.weights[part.rows]
            agreed = (features @ weights + columns[-1]) * signs
            short = np.maximum(0, 1 - agreed)
            loss += float((share * short * short).sum())
            pull = -2 * share * signs * short
            pulled += features.T @ pull.astype(np.float32)
            slope[-1] += pull.sum(axis=0)
        own += pulled
        slope[self._table.width : -1] += self._families.members.T @ pulled
        return loss, slope.ravel()


def _head(weights: Floats, intercept: float) -> LinearSVC:
    head = LinearSVC()
    head.classes_ = np.array([False, True])
    head.coef_, head.intercept_ = weights[None, :].copy(), np.array([intercept])
    return head
