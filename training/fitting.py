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
from training.pipeline import Matrix
from training.streaming import Truth
from training.tables import Table

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Log = Callable[[str], None]

IN_MEMORY = 150_000
"""Up to so many rows liblinear fits; its time grows faster than the rows, and so do its copies."""
# How little the weights are held back; measured on held-out topics.
STRENGTH = 0.3


@dataclass(frozen=True, slots=True)
class Fitted:
    """The heads of all rows, and each row's margins from heads that saw nothing of its fold."""

    heads: dict[Label, LinearSVC]
    margins: Floats


@dataclass(frozen=True, slots=True)
class _Job:
    """One fit: without a fold, or on all rows."""

    fold: int | None
    label: Label


@dataclass(frozen=True, slots=True)
class _Whole:
    table: Matrix
    truth: Truth
    folds: Places


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
    with _one_core():
        if whole is None:
            return _fit_parts(table, truth, folds, spread, log)
        parted = (*np.unique(folds).tolist(), None)
        return _fit_whole(_Whole(whole, truth, folds), parted, spread, log)


def held_out_margins(whole: Matrix, truth: Truth, folds: Places, log: Log) -> Floats:
    """Return each row's margins from heads that saw nothing of its fold, and fit no others."""
    with _one_core():
        parted = np.unique(folds).tolist()
        return _fit_whole(_Whole(whole, truth, folds), parted, None, log).margins


def _fit_whole(
    whole: _Whole, left_out: Sequence[int | None], spread: Spread | None, log: Log
) -> Fitted:
    jobs = [_Job(fold, label) for fold in left_out for label in LABELS]
    results = _each(_fit_one, whole, jobs, spread)
    heads: dict[Label, LinearSVC] = {}
    margins = np.zeros((whole.folds.size, len(LABELS)))
    for job, (head, judged) in zip(jobs, results, strict=True):
        if job.fold is None:
            heads[job.label] = head
        else:
            margins[whole.folds == job.fold, LABELS.index(job.label)] = judged
        log(f"{job.label} fitted on all rows but those of fold {job.fold}")
    return Fitted(heads, margins)


def _fit_one(whole: _Whole, job: _Job) -> tuple[LinearSVC, Floats]:
    signs = whole.truth.signs[:, LABELS.index(job.label)]
    seen = np.flatnonzero((signs != 0) & (whole.folds != job.fold))
    head = pipeline.fit_head(whole.table[seen], signs[seen] > 0, whole.truth.trust[seen], STRENGTH)
    unseen = np.flatnonzero(whole.folds == job.fold)
    judged = head.decision_function(whole.table[unseen]) if unseen.size else np.zeros(0)
    return head, judged


def _fit_parts(
    table: Table, truth: Truth, folds: Places, spread: Spread | None, log: Log
) -> Fitted:
    parted = np.unique(folds).tolist()
    margins = np.zeros((folds.size, len(LABELS)))
    results = _each(_fit_fold, (table, truth), [*parted, None], spread)
    for fold in parted:
        margins[folds == fold] = next(results)[1]
        log(f"fitted on all rows but those of fold {fold}")
    return Fitted(next(results)[0], margins)


def _fit_fold(
    shared: tuple[Table, Truth], fold: int | None
) -> tuple[dict[Label, LinearSVC], Floats]:
    table, truth = shared
    heads = streaming.fit(
        table, [part for part in table.parts if part.fold != fold], truth, STRENGTH
    )
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
