"""The loaded model: every label's score from one pass over the features."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from moderation.classifier.compiled import compiled
from moderation.classifier.counting import added_up, count_known, rows_of
from moderation.classifier.explain import spans_of
from moderation.classifier.features import DENSE, Extract, Floats, extract
from moderation.classifier.kinds import KindNamer, KindWeights
from moderation.classifier.one_pass import Totals, read_at_once
from moderation.classifier.script import Keys
from moderation.classifier.vocabulary import Vocabulary
from moderation.domain.policy import Policy
from moderation.domain.scorer import Explanation, Origin, Passage, Reading
from moderation.domain.verdict import LABELS, Label

# A batch is read in chunks of so many code points, to stay within the caches and the hash tables.
_CHUNK = 1 << 15
_UNTOLD = Origin()


@dataclass(frozen=True, slots=True)
class Weights:
    """What training learnt, as plain arrays: all that ``model.joblib`` holds.

    ``keys``, ``idf`` and the rows of ``sparse`` go together, words first; character n-grams begin
    at ``characters``. Columns follow ``LABELS``. A score is ``sigmoid(slope * margin + offset)``.
    """

    keys: Keys
    idf: Floats
    sparse: Floats
    dense: Floats
    bias: Floats
    slope: Floats
    offset: Floats
    characters: int
    known_share: float

    def to_plain(self) -> dict[str, Any]:
        """Return the arrays by name."""
        return {name: getattr(self, name) for name in self.__slots__}


# A text of so few words, or with fewer known ones, goes to people rather than be rejected. Of 7,516
# rejections of gambling spam this costs 55; of 25 under trending videos it spares 10, of which 7
# were harmless names, numbers and cheers such as "7.7M".
_FEW_WORDS = 2
_LEGIBLE_SHARE = 0.7


class LinearScorer:
    """Implements :class:`moderation.domain.scorer.Scorer`; immutable, so threads may share it."""

    def __init__(
        self,
        version: str,
        policy: Policy,
        weights: Weights,
        kinds: KindWeights | None = None,
        origin: Origin = _UNTOLD,
    ) -> None:
        self.version = version
        self.policy = policy
        self.weights = weights
        self.origin = origin
        self.kinds = kinds
        labels = weights.sparse.shape[1:]
        if {weights.bias.shape, weights.slope.shape, weights.offset.shape} != {labels}:
            raise ValueError("not every label has a bias and a calibration")
        if weights.dense.shape != (len(DENSE), *labels):
            raise ValueError(f"{len(DENSE)} features have weights of {weights.dense.shape}")
        self._dense = np.ascontiguousarray(weights.dense, np.float32)
        self._bias = np.ascontiguousarray(weights.bias, np.float32)
        self._slope = np.ascontiguousarray(weights.slope, np.float32)
        self._offset = np.ascontiguousarray(weights.offset, np.float32)
        # As exact as the shares it is compared with.
        self._enough_known = float(np.float32(weights.known_share))
        self._vocabulary = Vocabulary.of(weights.keys)
        self._rows = rows_of(self._vocabulary, weights.idf, weights.sparse)
        self._namer = None if kinds is None else KindNamer(kinds)

    def read(self, passages: Sequence[Passage]) -> list[Reading]:
        """Score passages, one reading each, in order."""
        readings: list[Reading] = []
        for chunk in _chunks(passages):
            found = self._read_at_once(chunk)
            scores = self.calibrated(self._margins(found.sums, found.dense)).tolist()
            readings += [
                Reading(
                    dict(zip(LABELS, row, strict=True)),
                    one.text,
                    share >= self._enough_known,
                    one.starts,
                    share,
                    share >= _LEGIBLE_SHARE and len(one.text.split(None, _FEW_WORDS)) > _FEW_WORDS,
                )
                for row, one, share in zip(scores, found.texts, found.known.tolist(), strict=True)
            ]
        return readings

    def margins(self, found: Extract) -> tuple[Floats, Floats]:
        """Return each passage's uncalibrated margins, and the share of its words that is known."""
        weights = self.weights
        sums, known = added_up(found, self._vocabulary, weights.idf, weights.characters, self._rows)
        return self._margins(sums, found.dense), known

    def _read_at_once(self, passages: Sequence[Passage]) -> Totals:
        weights = self.weights
        return read_at_once(passages, self._vocabulary, weights.idf, weights.characters, self._rows)

    def _margins(self, sums: Floats, dense: Floats) -> Floats:
        return _with_dense(sums, dense, self._dense, self._bias)

    def calibrated(self, margins: Floats) -> Floats:
        """Return the probabilities that margins stand for."""
        return _sigmoid(margins, self._slope, self._offset)

    def explain(
        self, passages: Sequence[Passage], labels: Sequence[Collection[Label]]
    ) -> list[Explanation]:
        """Explain the labels asked about each passage; a model without a kind head names none."""
        explained: list[Explanation] = []
        for chunk in _chunks(passages):
            found = extract(chunk)
            asked = labels[len(explained) : len(explained) + len(chunk)]
            counted = count_known(
                found, self._vocabulary, self.weights.idf, self.weights.characters
            )
            every = spans_of(found, counted, self._rows, asked)
            spam = any(Label.SPAM in wanted for wanted in asked)
            kinds = self._namer.name(found) if self._namer and spam else [None] * len(chunk)
            explained += [
                Explanation(spans, kind if Label.SPAM in spans else None)
                for spans, kind in zip(every, kinds, strict=True)
            ]
        return explained


@compiled("float32[:, ::1](float32[:, ::1], float32[:, ::1], float32[:, ::1], float32[::1])")
def _with_dense(sums: Floats, dense: Floats, weights: Floats, bias: Floats) -> Floats:
    margins = np.empty_like(sums)
    for passage in range(sums.shape[0]):
        for label in range(sums.shape[1]):
            margin = np.float64(sums[passage, label]) + bias[label]
            for feature in range(weights.shape[0]):
                margin += np.float64(dense[passage, feature]) * weights[feature, label]
            margins[passage, label] = margin
    return margins


@compiled("float32[:, ::1](float32[:, ::1], float32[::1], float32[::1])")
def _sigmoid(margins: Floats, slope: Floats, offset: Floats) -> Floats:
    scores = np.empty_like(margins)
    for passage in range(margins.shape[0]):
        for label in range(margins.shape[1]):
            exponent = np.float64(margins[passage, label]) * slope[label] + offset[label]
            scores[passage, label] = 1 / (1 + np.exp(-exponent))
    return scores


def _chunks(passages: Sequence[Passage]) -> Iterable[Sequence[Passage]]:
    if len(passages) == 1:
        yield passages
        return
    first, size = 0, 0
    for at, passage in enumerate(passages):
        if size and size + len(passage.text) > _CHUNK:
            yield passages[first:at]
            first, size = at, 0
        size += len(passage.text) + 1
    if passages:
        yield passages[first:]
