"""Fit the heads on all rows, and beside them those that judge each fold without having seen it.

Both ways give the same kind of heads. In memory, liblinear fits label by label; more rows than
that are read part by part.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from moderation.cluster import Spread
from moderation.domain.verdict import LABELS, Label
from training import pipeline, streaming
from training.families import Families
from training.pipeline import Matrix
from training.streaming import HEADS, Truth
from training.tables import Table

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Log = Callable[[str], None]

IN_MEMORY = 150_000
"""Up to so many rows liblinear fits; its time grows faster than the rows, and so do its copies."""
# How little the weights are held back; measured on held-out topics.
STRENGTH = 0.3
# How much of the head for any harm is added to every label's. A comment's verdict hangs on its
# worst label, for which no single head was fitted. Measured on held-out topics, phenomena treated
# rightly: .838 to .846, at .006 of the labels' average precision.
_ANY_HARM = 0.15
_NAMES = (*LABELS, "any harm")


@dataclass(frozen=True, slots=True)
class Fitted:
    """The heads of all rows, and each row's margins from heads that saw nothing of its fold."""

    heads: dict[Label, LinearSVC]
    margins: Floats


@dataclass(frozen=True, slots=True)
class _Job:
    """One fit: without a fold, or on all rows; ``head`` numbers a label or, last, any harm."""

    fold: int | None
    head: int


@dataclass(frozen=True, slots=True)
class _Whole:
    table: Matrix
    wide: Matrix
    families: Families
    truth: Truth
    folds: Places

    @classmethod
    def of(cls, table: Matrix, families: Families, truth: Truth, folds: Places) -> "_Whole":
        return cls(table, families.widen(table), families, truth, folds)


def fit(
    table: Table,
    truth: Truth,
    folds: Places,
    spread: Spread | None,
    log: Log,
    whole: Matrix | None = None,
) -> Fitted:
    """Fit here, or where ``spread`` leads; the result is the same.

    ``whole`` is the table in memory, where it was read before.
    """
    if whole is None and folds.size <= IN_MEMORY:
        whole = table.whole()
    families = Families.of(table.space)
    with _one_core():
        if whole is None:
            return _fit_parts(table, families, truth, folds, spread, log)
        parted = (*np.unique(folds).tolist(), None)
        return _fit_whole(_Whole.of(whole, families, truth, folds), parted, spread, log)


def held_out_margins(
    whole: Matrix, families: Families, truth: Truth, folds: Places, log: Log
) -> Floats:
    """Return each row's margins from heads that saw nothing of its fold, and fit no others."""
    with _one_core():
        parted = np.unique(folds).tolist()
        return _fit_whole(_Whole.of(whole, families, truth, folds), parted, None, log).margins


def fit_heads(rows: Matrix, families: Families, truth: Truth) -> dict[Label, LinearSVC]:
    """Fit every label on rows in memory, and judge none."""
    whole = _Whole.of(rows, families, truth, np.zeros(rows.shape[0], np.int64))
    with _one_core():
        return _fit_whole(whole, (None,), None, lambda _: None).heads


def _fit_whole(
    whole: _Whole, left_out: Sequence[int | None], spread: Spread | None, log: Log
) -> Fitted:
    jobs = [_Job(fold, head) for fold in left_out for head in range(HEADS)]
    results = _each(_fit_one, whole, jobs, spread)
    heads: list[LinearSVC] = []
    margins = np.zeros((whole.folds.size, HEADS))
    for job, (head, judged) in zip(jobs, results, strict=True):
        if job.fold is None:
            heads.append(head)
        else:
            margins[whole.folds == job.fold, job.head] = judged
        log(f"{_NAMES[job.head]} fitted on all rows but those of fold {job.fold}")
    return _blend(heads, margins)


def _fit_one(whole: _Whole, job: _Job) -> tuple[LinearSVC, Floats]:
    signs = whole.truth.signs[:, job.head]
    seen = np.flatnonzero((signs != 0) & (whole.folds != job.fold))
    weights = whole.truth.weights[seen, job.head]
    head = pipeline.fit_head(whole.wide[seen], signs[seen] > 0, weights, STRENGTH)
    head = whole.families.fold_head(head)
    unseen = np.flatnonzero(whole.folds == job.fold)
    judged = head.decision_function(whole.table[unseen]) if unseen.size else np.zeros(0)
    return head, judged


def _blend(heads: Sequence[LinearSVC], margins: Floats) -> Fitted:
    """Add a share of the last head, that for any harm, to every label's."""
    blended: dict[Label, LinearSVC] = {}
    for label, head in zip(LABELS, heads, strict=False):
        head.coef_ = head.coef_ + _ANY_HARM * heads[-1].coef_
        head.intercept_ = head.intercept_ + _ANY_HARM * heads[-1].intercept_
        blended[label] = head
    return Fitted(blended, margins[:, :-1] + _ANY_HARM * margins[:, -1:])


def _fit_parts(
    table: Table,
    families: Families,
    truth: Truth,
    folds: Places,
    spread: Spread | None,
    log: Log,
) -> Fitted:
    parted = np.unique(folds).tolist()
    margins = np.zeros((folds.size, HEADS))
    results = _each(_fit_fold, (table, families, truth), [*parted, None], spread)
    for fold in parted:
        margins[folds == fold] = next(results)[1]
        log(f"fitted on all rows but those of fold {fold}")
    return _blend(next(results)[0], margins)


def _fit_fold(
    shared: tuple[Table, Families, Truth], fold: int | None
) -> tuple[list[LinearSVC], Floats]:
    table, families, truth = shared
    parts = [part for part in table.parts if part.fold != fold]
    heads = streaming.fit(table, parts, truth, families, STRENGTH)
    unseen = [part for part in table.parts if part.fold == fold]
    if not unseen:
        return heads, np.zeros(0)
    order = np.argsort(np.concatenate([part.rows for part in unseen]))
    judged: Floats = np.concatenate([streaming.margins(table, part, heads) for part in unseen])
    return heads, judged[order]


def _each(
    work: Callable[[Any, Any], Any],
    shared: Any,
    jobs: Sequence[Any],
    spread: Spread | None,
) -> Iterator[Any]:
    if spread is not None:
        return spread(_on_one_core, (work, shared), jobs)
    # One after the other: fits in threads would wait for liblinear's one random state.
    return (work(shared, job) for job in jobs)


def _on_one_core(shared: tuple[Callable[[Any, Any], Any], Any], job: Any) -> Any:
    work, rest = shared
    with _one_core():
        return work(rest, job)


def _one_core() -> AbstractContextManager[Any]:
    """Keep vector sums on one core: several would wait for each other several times the work."""
    limits: AbstractContextManager[Any] = threadpool_limits(1)
    return limits
