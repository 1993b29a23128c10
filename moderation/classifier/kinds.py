"""Name the kind of spam, with a light head of its own that is asked only about spam."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from moderation.classifier.counting import added_up, rows_of
from moderation.classifier.features import Extract, Floats
from moderation.classifier.script import Keys
from moderation.classifier.vocabulary import Vocabulary
from moderation.domain.verdict import SPAM_KINDS, SpamKind


@dataclass(frozen=True, slots=True)
class KindWeights:
    """The few n-grams that tell kinds apart, as :class:`.scorer.Weights` has those of the labels.

    Columns follow ``SPAM_KINDS``. The likeliest kind is named if its probability is ``sure`` or
    more.
    """

    keys: Keys
    idf: Floats
    sparse: Floats
    bias: Floats
    characters: int
    sure: float

    def to_plain(self) -> dict[str, Any]:
        """Return the arrays by name."""
        return {name: getattr(self, name) for name in self.__slots__}


class KindNamer:
    """Names the kind of a spam comment; immutable, so threads may share it."""

    def __init__(self, weights: KindWeights) -> None:
        self._weights = weights
        self._vocabulary = Vocabulary.of(weights.keys)
        self._rows = rows_of(self._vocabulary, weights.idf, weights.sparse)

    def name(self, found: Extract) -> list[SpamKind | None]:
        """Return the kind of each passage in an extract, ``None`` where no kind is likely."""
        probable = self.probabilities(found)
        likeliest = probable.argmax(axis=1)
        return [
            SPAM_KINDS[best] if row[best] >= self._weights.sure else None
            for row, best in zip(probable, likeliest.tolist(), strict=True)
        ]

    def probabilities(self, found: Extract) -> Floats:
        """Return the probability of each kind, one row a passage, taking each to be spam."""
        weights = self._weights
        sums, _ = added_up(found, self._vocabulary, weights.idf, weights.characters, self._rows)
        margins = weights.bias + sums
        exponents = np.exp(margins - margins.max(axis=1, keepdims=True))
        probable: Floats = exponents / exponents.sum(axis=1, keepdims=True)
        return probable
