"""Learn to name the kind of spam from the corpus's kinds and the gambling sources."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from moderation.classifier.kinds import KindWeights
from moderation.domain.verdict import SPAM_KINDS, Label, SpamKind
from training import corpus_reader, pipeline
from training.examples import Example
from training.folding import fold_of, folds_of
from training.pipeline import Matrix, Space
from training.sources import GAMBLING

Floats = npt.NDArray[np.float64]

FOLDS = 5
_GAMBLING_SHARE = 16
STRENGTH = 10.0
_CHOOSING = 0.3
MOST_NGRAMS = 16_000
# Measured on held-out topics: two in three are named from here on, five in six of them rightly.
SURE = 0.5


def kind_of(row: Example) -> SpamKind | None:
    """Return the kind of a spam row, ``None`` for all others and where the source names none.

    A share of the gambling sources is enough: they know one kind, and would bury the others.
    """
    if not row.known.get(Label.SPAM):
        return None
    if row.source in GAMBLING:
        return SpamKind.JUDOL if fold_of(row.group, _GAMBLING_SHARE) == 0 else None
    return SpamKind(row.tags["kind"]) if row.source == corpus_reader.SOURCE else None


@dataclass(frozen=True, slots=True)
class KindRows:
    """The rows whose kind is known, with the column of each."""

    rows: list[Example]
    table: Matrix
    columns: npt.NDArray[np.int64]

    @classmethod
    def of(cls, rows: Sequence[Example], space: Space) -> "KindRows":
        """Choose them from all rows."""
        named = [(row, kind) for row in rows if (kind := kind_of(row)) is not None]
        chosen = [row for row, _ in named]
        table = pipeline.matrix(pipeline.extracts([row.passage for row in chosen]), space)
        columns = np.array([SPAM_KINDS.index(kind) for _, kind in named], np.int64)
        return cls(chosen, table, columns)

    def only(self, which: npt.NDArray[np.bool_]) -> "KindRows":
        """Keep some of the rows."""
        rows = [row for row, keep in zip(self.rows, which.tolist(), strict=True) if keep]
        return KindRows(rows, self.table[which], self.columns[which])


def learn_kinds(known: KindRows, space: Space) -> KindWeights:
    """Choose the n-grams that tell the kinds apart, and fit all kinds together on them alone."""
    small = space.restricted(_telling(known, space))
    head = _fit(_table(known.rows, small), known)
    sparse = np.zeros((small.keys.size, len(SPAM_KINDS)), np.float32)
    bias = np.full(len(SPAM_KINDS), -np.inf, np.float32)
    sparse[:, head.classes_] = head.coef_.T
    bias[head.classes_] = head.intercept_
    return KindWeights(small.keys, small.idf, sparse, bias, small.characters, SURE)


def held_out_kinds(known: KindRows, space: Space) -> Floats:
    """Return each row's probabilities from heads that saw nothing of its group."""
    folds = folds_of(known.rows, FOLDS)
    probable = np.zeros((len(known.rows), len(SPAM_KINDS)))
    for fold in range(FOLDS):
        seen = known.only(folds != fold)
        small = space.restricted(_telling(seen, space))
        head = _fit(_table(seen.rows, small), seen)
        unseen = _table(known.only(folds == fold).rows, small)
        probable[np.ix_(folds == fold, head.classes_)] = head.predict_proba(unseen)
    return probable


def _telling(known: KindRows, space: Space) -> npt.NDArray[np.bool_]:
    grams = known.table[:, : space.keys.size]
    heads = [
        pipeline.fit_head(grams, known.columns == kind, pipeline.trust(known.rows), _CHOOSING)
        for kind in np.unique(known.columns)
    ]
    return pipeline.most_telling(heads, space, MOST_NGRAMS)


def _table(rows: Sequence[Example], space: Space) -> Matrix:
    table = pipeline.matrix(pipeline.extracts([row.passage for row in rows]), space)
    return table[:, : space.keys.size]


def _fit(table: Matrix, known: KindRows) -> LogisticRegression:
    head = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=300)
    return head.fit(table, known.columns, sample_weight=pipeline.trust(known.rows))
