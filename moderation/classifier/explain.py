"""Which words of the text as written carried a score."""

from typing import TYPE_CHECKING

import numpy as np

from moderation.classifier.features import Extract, Floats, count_known
from moderation.classifier.script import SPACE, WORD, Places
from moderation.classifier.vocabulary import Vocabulary
from moderation.domain.verdict import Span

if TYPE_CHECKING:
    from moderation.classifier.scorer import Weights

_MOST_SPANS = 4
# A word belongs to the explanation when it carries at least this share of what the best word does.
_SHARE_OF_BEST = 0.3


def character_weights(found: Extract, vocabulary: Vocabulary, weights: "Weights") -> Floats:
    """Spread what every known n-gram adds to each label evenly over the places it stands at.

    The extract must be of one passage, and located.
    """
    counted = count_known(found, vocabulary, weights.idf, weights.characters)
    hits, ids = vocabulary.find(np.concatenate([grams.keys for grams in found.grams]))
    starts = _joined(found.grams[0].starts, found.grams[1].starts).take(hits)
    ends = _joined(found.grams[0].ends, found.grams[1].ends).take(hits)
    total = np.zeros((found.script.kinds.size + 1, weights.sparse.shape[1]), np.float32)
    if not ids.size:
        return total[:-1]
    value = np.bincount(counted.ids, counted.values, weights.idf.size).take(ids)
    times = np.bincount(ids).take(ids)
    share = (value / (times * (ends - starts))).astype(np.float32)
    added = weights.sparse.take(ids, axis=0) * share[:, None]
    np.add.at(total, starts, added)
    np.subtract.at(total, ends, added)
    return np.cumsum(total, axis=0)[:-1]


def _joined(words: Places | None, characters: Places | None) -> Places:
    if words is None or characters is None:
        raise ValueError("explaining needs a located extract")
    return np.concatenate((words, characters))


def spans(found: Extract, carried: Floats) -> tuple[Span, ...]:
    """Return the few words, as written and whole, that carried most; neighbours make one span."""
    words = [(int(start), int(end)) for start, end in _written_words(found)]
    values = [float(carried[start:end].sum()) for start, end in words]
    best = max(values, default=0.0)
    if best <= 0:
        return ()
    chosen = sorted(
        (at for at, value in enumerate(values) if value >= best * _SHARE_OF_BEST),
        key=lambda at: -values[at],
    )
    runs = _merged(sorted(chosen))
    runs.sort(key=lambda run: -sum(values[at] for at in range(run[0], run[1] + 1)))
    pieces = [_as_written(found, words[first][0], words[last][1]) for first, last in runs]
    return tuple(sorted(pieces[:_MOST_SPANS], key=lambda span: span.start))


def _written_words(found: Extract) -> list[tuple[int, int]]:
    """Return the stretches between blanks that hold at least one letter or digit."""
    kinds = found.script.kinds
    solid: Places = np.flatnonzero(np.diff(((kinds & SPACE) == 0).view(np.int8))) + 1
    return [
        (start, end)
        for start, end in zip(solid[0::2], solid[1::2], strict=True)
        if (kinds[start:end] & WORD).any()
    ]


def _merged(chosen: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for at in chosen:
        if runs and at == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs


def _as_written(found: Extract, start: int, end: int) -> Span:
    kept = found.script.kept
    # The sequence begins with a space that the text does not have.
    first, last = (start, end - 1) if kept is None else (int(kept[start]), int(kept[end - 1]))
    unmasked = found.texts[0]
    begin, stop = unmasked.span_as_written(first - 1, last)
    return Span(begin, stop, unmasked.written[begin:stop])
