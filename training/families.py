"""Families of words that mean nearly the same, so that what one teaches holds for all of them.

Beside its own weight every word carries its families'; both are learnt together, and added up
before a model is served, so serving knows nothing of families and costs nothing more. Measured on
held-out topics: average precision .773 to .779 over the labels, on news comments .465 to .510.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.svm import LinearSVC

from moderation.classifier.features import DENSE
from moderation.classifier.script import Keys
from moderation.classifier.vocabulary import Vocabulary
from moderation.domain.scorer import Passage
from training import pipeline
from training.pipeline import Matrix, Space

Floats = npt.NDArray[np.float64]

LEXICON = Path(__file__).with_name("families.txt")

_PREFIXES = ("", "di", "ter", "ber", "ke", "se")
_SUFFIXES = ("", "nya", "mu", "ku", "lah", "kan", "an", "i", "in", "kah", "pun", "e", "na")


@dataclass(frozen=True, slots=True)
class Families:
    """Which n-gram of a space belongs to which family: a row a feature, a column a family."""

    members: Matrix

    @classmethod
    def of(cls, space: Space) -> "Families":
        """Look the lexicon's words and their inflected forms up in a space."""
        keys, columns = _lexicon_keys()
        rows = Vocabulary.of(space.keys[: space.characters]).find(keys)
        found = rows >= 0
        shape = (space.keys.size + len(DENSE), int(columns.max()) + 1)
        ones = np.ones(int(found.sum()), np.float32)
        return cls(sparse.csr_matrix((ones, (rows[found], columns[found])), shape))

    def widen(self, rows: Matrix) -> Matrix:
        """Put each row's sum of every family's weights beside its own features."""
        return sparse.hstack((rows, rows @ self.members), format="csr")

    def fold(self, weights: Floats) -> Floats:
        """Add the families' weights, which come last, to their members'."""
        own = self.members.shape[0]
        folded: Floats = weights[:own] + self.members @ weights[own:]
        return folded

    def fold_head(self, head: LinearSVC) -> LinearSVC:
        """Make a head fitted on widened rows one for the plain rows."""
        head.coef_ = self.fold(head.coef_[0])[None, :]
        head.n_features_in_ = head.coef_.shape[1]
        return head


def read_families(path: Path = LEXICON) -> dict[str, list[str]]:
    """Read the lexicon: the words of each family."""
    lines = path.read_text("utf-8").splitlines()
    named = (line.split(":", 1) for line in lines if line and not line.startswith("#"))
    return {name: words.split() for name, words in named}


@lru_cache
def _lexicon_keys() -> tuple[Keys, npt.NDArray[np.int64]]:
    """Return the key of every form of every word, with its family's number."""
    pairs = {
        (form, number)
        for number, words in enumerate(read_families().values())
        for word in words
        for form in _forms(word)
    }
    key_of = dict(_keys(sorted({form for form, _ in pairs})))
    known = sorted({(key_of[form], family) for form, family in pairs if form in key_of})
    return (
        np.array([key for key, _ in known], np.uint64),
        np.array([family for _, family in known], np.int64),
    )


def _keys(forms: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield the keys of the forms that are read as one word."""
    first = 0
    for read in pipeline.extracts([Passage(form) for form in forms]):
        keys, edges = read.grams.keys, read.grams.edges
        firsts, ends = edges[0:-1:2], edges[1::2]
        (alone,) = (ends - firsts == 1).nonzero()
        for at, key in zip(alone.tolist(), keys[firsts[alone]].tolist(), strict=True):
            yield forms[first + at], key
        first += len(read.texts)


def _forms(word: str) -> Iterator[str]:
    """Yield a word and what Indonesian affixes may make of it; most are no words, and harmless."""
    if len(word) < 4:
        yield word
        return
    for prefix in _PREFIXES:
        for suffix in _SUFFIXES:
            yield f"{prefix}{word}{suffix}"
