"""Which words of the text as written carried a score."""

from collections.abc import Sequence
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


def character_weights(
    found: Extract, vocabulary: Vocabulary, weights: "Weights", columns: Sequence[int]
) -> Floats:
    """Spread what every known n-gram adds to each asked label evenly over where it stands.

    The extract must be of one passage, and located. Rows follow ``columns``, which are positions
    in ``LABELS``; their columns are the places of the script.
    """
    counted = count_known(found, vocabulary, weights.idf, weights.characters)
    hits, ids = vocabulary.find(np.concatenate([grams.keys for grams in found.grams]))
    starts = _joined(found.grams[0].starts, found.grams[1].starts).take(hits)
    ends = _joined(found.grams[0].ends, found.grams[1].ends).take(hits)
    size = found.script.kinds.size + 1
    carried = np.zeros((len(columns), size - 1), np.float32)
    if not ids.size:
        return carried
    # An n-gram's weight, and how often it stands in the text, found by its place among the ids.
    distinct, which, times = np.unique(ids, return_inverse=True, return_counts=True)
    value = np.bincount(distinct.searchsorted(counted.ids), counted.values, distinct.size)
    share = (value / times).take(which) / (ends - starts)
    rows = weights.sparse.take(ids, axis=0)
    for row, column in zip(carried, columns, strict=True):
        added = rows[:, column] * share
        begun, ended = np.bincount(starts, added, size), np.bincount(ends, added, size)
        row[:] = (begun - ended).cumsum()[:-1]
    return carried


def _joined(words: Places | None, characters: Places | None) -> Places:
    if words is None or characters is None:
        raise ValueError("explaining needs a located extract")
    return np.concatenate((words, characters))


def spans(found: Extract, carried: Floats) -> tuple[Span, ...]:
    """Return the few words, as written and whole, that carried most; neighbours make one span."""
    words = _written_words(found)
    sums = np.append(0.0, carried.cumsum(dtype=np.float64))
    values = (sums.take(words[:, 1]) - sums.take(words[:, 0])).tolist()
    best = max(values, default=0.0)
    if best <= 0:
        return ()
    chosen = [at for at, value in enumerate(values) if value >= best * _SHARE_OF_BEST]
    runs = _merged(chosen)
    runs.sort(key=lambda run: -sum(values[run[0] : run[1] + 1]))
    pieces = [
        _as_written(found, int(words[first, 0]), int(words[last, 1]))
        for first, last in runs[:_MOST_SPANS]
    ]
    return tuple(sorted(pieces, key=lambda span: span.start))


def _written_words(found: Extract) -> Places:
    """Return where the stretches between blanks begin and end that hold a letter or a digit."""
    kinds = found.script.kinds
    solid: Places = np.flatnonzero(np.diff(((kinds & SPACE) == 0).view(np.int8))) + 1
    edges = solid.reshape(-1, 2)
    letters = np.append(0, ((kinds & WORD) != 0).cumsum())
    return edges[letters.take(edges[:, 1]) > letters.take(edges[:, 0])]


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
