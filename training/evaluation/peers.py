"""Our representation and its peers, each one label at a time behind one interface."""

import pickle
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from moderation.domain.scorer import Passage
from training import pipeline
from training.examples import Example
from training.families import Families
from training.learning import STRENGTH

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_STRENGTH = 3.0
_SPACE_AT_LEAST = 2
_FASTTEXT_TRIES = 30


class Peer(Protocol):
    """Learns one label; a score above 0 says that it holds."""

    name: str

    def fit(self, rows: Sequence[Example], target: Flags) -> None:
        """Learn the label from rows."""

    def score(self, passages: Sequence[Passage]) -> Floats:
        """Return one score a passage."""

    def size(self) -> int:
        """Return the bytes of what was learnt."""


@dataclass
class Ours:
    """The project's features with one linear head."""

    name: str = "moderasi"
    strength: float = STRENGTH

    def fit(self, rows: Sequence[Example], target: Flags) -> None:
        """Learn the label from rows."""
        read = pipeline.extracts([row.passage for row in rows])
        self._space = pipeline.learn_space(read, at_least=_SPACE_AT_LEAST)
        table = pipeline.matrix(read, self._space)
        families = Families.of(self._space)
        head = pipeline.fit_head(families.widen(table), target, pipeline.trust(rows), self.strength)
        self._head = families.fold_head(head)

    def score(self, passages: Sequence[Passage]) -> Floats:
        """Return one score a passage."""
        table = pipeline.matrix(pipeline.extracts(passages), self._space)
        scores: Floats = self._head.decision_function(table)
        return scores

    def size(self) -> int:
        """Return the bytes of keys, rarities and weights."""
        return int(self._space.keys.nbytes + self._space.idf.nbytes + self._head.coef_.nbytes // 2)


@dataclass
class Tfidf:
    """The plain baseline: TF-IDF of words and characters, logistic regression."""

    name: str = "TF-IDF + logistic regression"
    _parts: list[TfidfVectorizer] = field(default_factory=list)

    def fit(self, rows: Sequence[Example], target: Flags) -> None:
        """Learn the label from rows."""
        self._parts = [
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
        ]
        texts = [row.passage.text for row in rows]
        table = sparse.hstack([part.fit_transform(texts) for part in self._parts], format="csr")
        self._head = LogisticRegression(C=_STRENGTH, class_weight="balanced", solver="liblinear")
        self._head.fit(table, target)

    def score(self, passages: Sequence[Passage]) -> Floats:
        """Return one score a passage."""
        texts = [passage.text for passage in passages]
        table = sparse.hstack([part.transform(texts) for part in self._parts], format="csr")
        scores: Floats = self._head.decision_function(table)
        return scores

    def size(self) -> int:
        """Return the bytes of the pickled vectorisers and head."""
        return len(pickle.dumps((self._parts, self._head)))


@dataclass
class FastText:
    """FastText's supervised classifier with words and characters of 2 to 5, 16 dimensions."""

    name: str = "fastText"

    def fit(self, rows: Sequence[Example], target: Flags) -> None:
        """Learn the label from rows."""
        lines = [
            f"__label__{int(holds)} {' '.join(row.passage.text.split())}"
            for row, holds in zip(rows, target.tolist(), strict=True)
        ]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "train.txt"
            path.write_text("\n".join(lines), encoding="utf-8", errors="replace")
            saved = Path(folder) / "model.bin"
            self._model = train_fasttext(path, saved)
            self._size = saved.stat().st_size

    def score(self, passages: Sequence[Passage]) -> Floats:
        """Return one score a passage."""
        scores = np.zeros(len(passages))
        for at, passage in enumerate(passages):
            labels, shares = self._model.predict(" ".join(passage.text.split()), k=2)
            scores[at] = dict(zip(labels, shares, strict=True)).get("__label__1", 0.0) - 0.5
        return scores

    def size(self) -> int:
        """Return the bytes of the saved model."""
        return self._size


_FASTTEXT = """
import sys, fasttext
fasttext.train_supervised(
    sys.argv[1], dim=16, minn=2, maxn=5, epoch=10, lr=0.1, bucket=200_000, thread=1, verbose=0
).save_model(sys.argv[2])
"""


def train_fasttext(path: Path, saved: Path) -> Any:
    """Train on a file of labelled lines, and return the model, saved too.

    The library reads memory it never set and now and then ends in a NaN of its own making; in a
    process of its own it does so less often, and then it is asked again.
    """
    import fasttext

    command = [sys.executable, "-c", _FASTTEXT, str(path), str(saved)]
    for _ in range(_FASTTEXT_TRIES):
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:  # noqa: S603
            return fasttext.load_model(str(saved))
    raise RuntimeError("fastText met a NaN in every try")


@dataclass
class WordList:
    """A word-list filter, its list learnt: words that mostly stand in texts with the label."""

    name: str = "word list"
    at_least: int = 5
    purity: float = 0.8

    def fit(self, rows: Sequence[Example], target: Flags) -> None:
        """Collect the words."""
        seen: Counter[str] = Counter()
        bad: Counter[str] = Counter()
        for row, holds in zip(rows, target.tolist(), strict=True):
            words = set(row.passage.text.lower().split())
            seen.update(words)
            if holds:
                bad.update(words)
        self._words = {
            word
            for word, count in bad.items()
            if count >= self.at_least and count / seen[word] >= self.purity
        }

    def score(self, passages: Sequence[Passage]) -> Floats:
        """Return the number of listed words, less a half."""
        counts = [len(self._words.intersection(p.text.lower().split())) for p in passages]
        return np.array(counts) - 0.5

    def size(self) -> int:
        """Return the bytes of the list."""
        return sum(map(len, self._words))


PEERS: tuple[Callable[[], Peer], ...] = (Ours, Tfidf, FastText, WordList)
"""Every system that is measured on the same splits."""


@contextmanager
def timed(into: list[float]) -> Iterator[None]:
    """Append the seconds that a block took."""
    began = time.perf_counter()
    yield
    into.append(time.perf_counter() - began)
