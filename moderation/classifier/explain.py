"""Which words of the texts as written carried their scores."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from moderation.classifier.compiled import compiled
from moderation.classifier.features import Counted, Extract, Floats
from moderation.classifier.script import SPACE, WORD, Places
from moderation.domain.verdict import LABELS, Label, Span

_MOST_SPANS = 4
# A word belongs to the explanation when it carries at least this share of what the best word does.
_SHARE_OF_BEST = 0.3
# What adding up over a batch may leave where nothing was carried.
_ROUNDING = 1e-6


def character_weights(found: Extract, counted: Counted, rows: Floats) -> Floats:
    """Spread what every known n-gram adds to each label evenly over where it stands.

    Rows follow ``LABELS``; columns are the places of the script.
    """
    grams = found.grams
    return _spread(
        found.script.kinds.size,
        grams.starts,
        grams.ends,
        counted.entries,
        counted.ids,
        counted.values,
        counted.times,
        rows,
    )


@compiled(
    "float32[:, ::1](int64, int64[::1], int64[::1], int64[::1], int64[::1], float32[::1],"
    " int64[::1], float32[:, ::1])"
)
def _spread(
    size: int,
    starts: Places,
    ends: Places,
    entries: Places,
    ids: Places,
    values: Floats,
    times: Places,
    rows: Floats,
) -> Floats:
    carried = np.zeros((rows.shape[1], size), np.float32)
    for at in range(starts.size):
        entry = entries[at]
        if entry < 0:
            continue
        share = values[entry] / np.float32(times[entry] * (ends[at] - starts[at]))
        for column in range(rows.shape[1]):
            added = share * rows[ids[entry], column]
            for place in range(starts[at], ends[at]):
                carried[column, place] += added
    return carried


def spans_of(
    found: Extract, carried: Floats, labels: Sequence[Collection[Label]]
) -> list[Mapping[Label, tuple[Span, ...]]]:
    """Return for each text the few words, as written and whole, that carried most for a label.

    ``carried`` is what ``character_weights`` returned; neighbouring words make one span.
    """
    words = _written_words(found)
    sums = np.zeros((carried.shape[0], carried.shape[1] + 1))
    carried.cumsum(axis=1, dtype=np.float64, out=sums[:, 1:])
    values = sums.take(words[:, 1], axis=1) - sums.take(words[:, 0], axis=1)
    firsts = _first_words(found, words)
    return [
        {
            label: _spans(found, at, words[first:end], values[LABELS.index(label), first:end])
            for label in asked
        }
        for at, (asked, first, end) in enumerate(zip(labels, firsts, firsts[1:], strict=False))
    ]


def _first_words(found: Extract, words: Places) -> list[int]:
    """Return at which word each text begins, and behind them where the last one ends."""
    firsts: list[int] = words[:, 0].searchsorted(found.script.bounds).tolist()
    return firsts


def _spans(found: Extract, at: int, words: Places, carried: Floats) -> tuple[Span, ...]:
    values: list[float] = carried.tolist()
    best = max(values, default=0.0)
    if best <= _ROUNDING:
        return ()
    runs = _merged([at for at, value in enumerate(values) if value >= best * _SHARE_OF_BEST])
    runs.sort(key=lambda run: -sum(values[run[0] : run[1] + 1]))
    pieces = [
        _as_written(found, at, int(words[first, 0]), int(words[last, 1]))
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


def _as_written(found: Extract, at: int, start: int, end: int) -> Span:
    kept = found.script.kept
    # The sequence begins with a space that no text has, and each text ends with another.
    first, last = int(kept[start]), int(kept[end - 1])
    before = 1 + sum(len(text.text) + 1 for text in found.texts[:at])
    unmasked = found.texts[at]
    begin, stop = unmasked.span_as_written(first - before, last - before + 1)
    return Span(begin, stop, unmasked.written[begin:stop])
