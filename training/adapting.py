"""Adapt a champion to a newsroom's rows without its public sources, and without forgetting.

To each label's head a small correction of single n-grams is fitted, with the champion's margin
taken as it is, and added to the champion's weights, so an adapted model is served like any other.
The project's corpus is learnt again beside the newsroom's rows, to keep what those do not speak
of.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression

from moderation.classifier.scorer import Weights
from moderation.domain.scorer import Passage
from moderation.domain.verdict import LABELS, Label
from training import corpus_reader, correcting, pipeline
from training.calibration import Calibration
from training.examples import Example, without_copies
from training.pipeline import Matrix, Space

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Log = Callable[[str], None]

ENOUGH = 20
"""How many of a newsroom's rows must say that a label holds, and how many that it does not."""
STRENGTH = 1.0
CORPUS_TRUST = 0.2
_JOBS = 2


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one head, and on what evidence.

    ``moved`` is the length of the correction beside that of the champion's own weights.
    """

    holds: int
    lacks: int
    adapted: bool
    moved: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the form a manifest keeps."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Head:
    column: Floats
    bias: float
    calibration: Calibration
    change: Change


@dataclass(frozen=True, slots=True)
class _Rows:
    """All rows, the newsroom's first: their features and the champion's margins."""

    examples: Sequence[Example]
    own: int
    table: Matrix
    margins: Floats


def adapt(
    base: Weights, own: Sequence[Example], corpus: Sequence[Example], log: Log
) -> tuple[Weights, dict[Label, Change]]:
    """Return adapted weights, and what changed; heads without enough evidence stay as they are."""
    rows = _read(base, own, corpus)
    log(f"{len(own)} rows of the newsroom, {len(corpus)} of the corpus")
    heads = dict(
        zip(
            LABELS,
            Parallel(_JOBS, prefer="threads")(delayed(_head)(base, rows, one) for one in LABELS),
            strict=True,
        )
    )
    changes = {label: head.change for label, head in heads.items()}
    return _folded(base, heads), changes


def _read(base: Weights, own: Sequence[Example], corpus: Sequence[Example]) -> _Rows:
    examples = [*own, *corpus]
    space = Space(base.keys, base.idf, base.characters)
    table = pipeline.matrix(pipeline.extracts([row.passage for row in examples]), space)
    return _Rows(examples, len(own), table, table @ _columns(base) + base.bias)


def corpus_lines(folder: Path = corpus_reader.FOLDER) -> list[Example]:
    """Return the project's corpus, weighed for standing beside a newsroom's rows."""
    lines = without_copies(corpus_reader.examples(folder))
    return [replace(row, trust=CORPUS_TRUST) for row in lines]


def margins_of(weights: Weights, passages: Sequence[Passage]) -> Floats:
    """Return the uncalibrated margins that weights give passages."""
    space = Space(weights.keys, weights.idf, weights.characters)
    table = pipeline.matrix(pipeline.extracts(passages), space)
    margins: Floats = table @ _columns(weights) + weights.bias
    return margins


def _columns(base: Weights) -> Floats:
    return np.concatenate([base.sparse, base.dense]).astype(np.float64)


def _head(base: Weights, rows: _Rows, label: Label) -> _Head:
    own = [row.known[label] for row in rows.examples[: rows.own] if label in row.known]
    change = Change(sum(own), len(own) - sum(own), adapted=False)
    if min(change.holds, change.lacks) < ENOUGH:
        at = LABELS.index(label)
        kept = Calibration(float(base.slope[at]), float(base.offset[at]))
        return _Head(_columns(base)[:, at], float(base.bias[at]), kept, change)
    return _adapted(base, rows, label, change)


def _adapted(base: Weights, rows: _Rows, label: Label, change: Change) -> _Head:
    at = LABELS.index(label)
    known = pipeline.known_rows(rows.examples, label)
    # A correction is fitted on the scale of log-odds, whatever scale the margins have.
    slope = float(base.slope[at])
    delta, bias = correcting.fit_correction(
        rows.table[known],
        pipeline.truth(rows.examples, label)[known],
        pipeline.trust(rows.examples)[known],
        rows.margins[known, at] * slope,
        STRENGTH,
    )
    delta, bias = delta / slope, bias / slope
    champion = _columns(base)[:, at]
    column, bias = champion + delta, float(base.bias[at]) + bias
    moved = float(np.linalg.norm(delta) / np.linalg.norm(champion))
    return _Head(
        column,
        bias,
        _on_the_same_scale(base, rows, label, rows.table @ column + bias),
        replace(change, adapted=True, moved=round(moved, 4)),
    )


def _on_the_same_scale(base: Weights, rows: _Rows, label: Label, margins: Floats) -> Calibration:
    """Calibrate so that the corpus gets the champion's scores again, as nearly as can be.

    A newsroom's rows are mostly what waited for a person, so the share of harm among them says
    nothing of its comments; the champion's scale does, and its thresholds keep their meaning.
    """
    at = LABELS.index(label)
    before = Calibration(float(base.slope[at]), float(base.offset[at]))
    wanted = before.scores(rows.margins[rows.own :, at])
    column = np.tile(margins[rows.own :], 2)[:, None]
    holds = np.repeat([True, False], wanted.size)
    curve = LogisticRegression(C=1e6).fit(
        column, holds, sample_weight=np.concatenate([wanted, 1 - wanted])
    )
    return Calibration(float(curve.coef_[0, 0]), float(curve.intercept_[0]))


def _folded(base: Weights, heads: Mapping[Label, _Head]) -> Weights:
    """Put the heads side by side in the champion's form; an unchanged one is so to the bit."""
    columns = np.stack([heads[label].column for label in LABELS], axis=1).astype(np.float32)
    grams = base.keys.size
    return replace(
        base,
        sparse=np.ascontiguousarray(columns[:grams]),
        dense=np.ascontiguousarray(columns[grams:]),
        bias=np.array([heads[label].bias for label in LABELS], np.float32),
        slope=np.array([heads[label].calibration.slope for label in LABELS], np.float32),
        offset=np.array([heads[label].calibration.offset for label in LABELS], np.float32),
    )
