"""The features of any number of rows, on disk in parts, each small enough for memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse

from moderation.classifier.features import DENSE
from moderation.classifier.vocabulary import Vocabulary
from moderation.cluster import Spread
from moderation.domain.scorer import Passage
from training import pipeline
from training.examples import Example
from training.frequencies import space_of
from training.pipeline import Matrix, Space

Places = npt.NDArray[np.int64]

ROWS_AT_ONCE = 4096
"""How many passages are read at once."""
ROWS_A_PART = 8 * ROWS_AT_ONCE
MOST_FEATURES = 1 << 20
"""How many n-grams may be weighed in training; what is served is chosen from them."""
_ARRAYS = ("data", "indices", "indptr")


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of one fold, by their numbers; no order means anything among them."""

    rows: Places
    fold: int
    stem: Path


@dataclass(frozen=True, slots=True)
class Table:
    """The features of all rows, cut by fold."""

    space: Space
    width: int
    parts: list[Part]

    def read(self, part: Part) -> Matrix:
        """Map a part's features, one row each; they come from the disk as they are needed."""
        data, indices, indptr = (
            np.load(part.stem.with_suffix(f".{name}.npy"), mmap_mode="r") for name in _ARRAYS
        )
        return sparse.csr_matrix((data, indices, indptr), (part.rows.size, self.width), copy=False)

    def whole(self) -> Matrix:
        """Return all features in the order of the rows, in memory."""
        order = np.concatenate([part.rows for part in self.parts])
        every = sparse.vstack([self.read(part) for part in self.parts], format="csr")
        return every[np.argsort(order)]


@dataclass(frozen=True, slots=True)
class _Featuriser:
    space: Space
    vocabulary: Vocabulary


def tabulate(
    examples: Sequence[Example], folds: Places, folder: Path, spread: Spread, *, at_least: int
) -> Table:
    """Write the features of all rows; every passage is read twice, and none is kept.

    Rows are shuffled within their fold, so that every part looks like the whole.
    """
    cut = list(_cut(folds))

    def batches() -> Iterator[Sequence[Passage]]:
        for rows in cut:
            for first in range(0, rows.size, ROWS_AT_ONCE):
                chosen = rows[first : first + ROWS_AT_ONCE].tolist()
                yield [examples[at].passage for at in chosen]

    space = space_of(batches(), folder, spread, at_least=at_least, at_most=MOST_FEATURES)
    featurised = spread(_featurise, _Featuriser(space, Vocabulary.of(space.keys)), batches())
    parts = []
    for number, rows in enumerate(cut):
        part = Part(rows, int(folds[rows[0]]), folder / f"part-{number:06}")
        pieces = islice(featurised, -(-rows.size // ROWS_AT_ONCE))
        table = sparse.vstack(list(pieces), format="csr")
        for name in _ARRAYS:
            np.save(part.stem.with_suffix(f".{name}.npy"), getattr(table, name))
        parts.append(part)
    return Table(space, space.keys.size + len(DENSE), parts)


def _cut(folds: Places) -> Iterator[Places]:
    order = np.lexsort((np.random.default_rng(17).permutation(folds.size), folds))
    for fold in np.unique(folds).tolist():
        rows = order[folds[order] == fold]
        for first in range(0, rows.size, ROWS_A_PART):
            yield rows[first : first + ROWS_A_PART]


def _featurise(featuriser: _Featuriser, passages: Sequence[Passage]) -> Matrix:
    read = pipeline.extracts(passages)
    return pipeline.matrix(read, featuriser.space, featuriser.vocabulary)
