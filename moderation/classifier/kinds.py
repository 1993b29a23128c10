"""Name the kind of spam, with a light head of its own that is asked only about spam."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from moderation.classifier.features import Extract, Floats, count_known
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

    def name(self, found: Extract) -> SpamKind | None:
        """Return the kind of the one passage in an extract, ``None`` if no kind is likely."""
        probable = self.probabilities(found)
        best = int(probable.argmax())
        return SPAM_KINDS[best] if probable[best] >= self._weights.sure else None

    def probabilities(self, found: Extract) -> Floats:
        """Return the probability of each kind, taking the one passage to be spam."""
        weights = self._weights
        counted = count_known(found, self._vocabulary, weights.idf, weights.characters)
        margins = counted.values @ weights.sparse.take(counted.ids, axis=0) + weights.bias
        exponents = np.exp(margins - margins.max())
        probable: Floats = exponents / exponents.sum()
        return probable
