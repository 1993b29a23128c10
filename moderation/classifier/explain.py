"""Which words of the texts as written carried their scores."""

from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

from moderation.classifier.compiled import compiled, inlined
from moderation.classifier.counting import Counted
from moderation.classifier.features import Extract, Floats
from moderation.classifier.script import SPACE, WORD, Kinds, Places
from moderation.domain.verdict import LABELS, Label, Span

_MOST_SPANS = 4
# A word belongs to the explanation when it carries at least this share of what the best word does.
_SHARE_OF_BEST = 0.3
# What adding up over a batch may leave where nothing was carried.
_ROUNDING = 1e-6


def spans_of(
    found: Extract, counted: Counted, rows: Floats, labels: Sequence[Collection[Label]]
) -> list[Mapping[Label, tuple[Span, ...]]]:
    """Return for each text the few words, as written and whole, that carried most for a label.

    What a known n-gram adds to a label, by its row, is spread evenly over where it stands;
    neighbouring words make one span.
    """
    words, carried = _by_word(
        found.script.kinds,
        found.grams.starts,
        found.grams.ends,
        counted.entries,
        counted.ids,
        counted.values,
        counted.times,
        rows,
    )
    firsts: list[int] = words[:, 0].searchsorted(found.script.bounds).tolist()
    begins = accumulate((len(text.text) + 1 for text in found.texts), initial=1)
    return [
        {
            label: tuple(
                _as_written(found, at, begun, words[first + run[0], 0], words[first + run[1], 1])
                for run in _strongest(carried[first:end, LABELS.index(label)].tolist())
            )
            for label in asked
        }
        for at, (asked, begun, (first, end)) in enumerate(
            zip(labels, begins, pairwise(firsts), strict=False)
        )
    ]


@inlined
def _write_words(kinds: Kinds, words: Places) -> int:
    """Write where the stretches between blanks begin and end that hold a letter or a digit."""
    count, start, holds = 0, 0, 0
    for at in range(kinds.size):
        if not kinds[at] & SPACE:
            holds |= kinds[at] & WORD
            continue
        if holds:
            words[count] = start, at
            count += 1
        start, holds = at + 1, 0
    return count


@compiled(
    "Tuple((int64[:, ::1], float64[:, ::1]))(uint8[::1], int64[::1], int64[::1], int64[::1],"
    " int64[::1], float32[::1], int64[::1], float32[:, ::1])"
)
def _by_word(
    kinds: Kinds,
    starts: Places,
    ends: Places,
    entries: Places,
    ids: Places,
    values: Floats,
    times: Places,
    rows: Floats,
) -> tuple[Places, npt.NDArray[np.float64]]:
    columns = rows.shape[1]
    places = np.zeros((kinds.size, columns), np.float64)
    for at in range(starts.size):
        entry = entries[at]
        if entry >= 0:
            share = values[entry] / (times[entry] * (ends[at] - starts[at]))
            for place in range(starts[at], ends[at]):
                for column in range(columns):
                    places[place, column] += share * rows[ids[entry], column]
    words = np.empty((kinds.size // 2, 2), np.int64)
    count = _write_words(kinds, words)
    carried = np.zeros((count, columns), np.float64)
    for word in range(count):
        for place in range(words[word, 0], words[word, 1]):
            carried[word] += places[place]
    return words[:count], carried


def _strongest(values: list[float]) -> list[tuple[int, int]]:
    """Return the first and last word of the few runs that carried most, in order."""
    best = max(values, default=0.0)
    if best <= _ROUNDING:
        return []
    runs = _merged([at for at, value in enumerate(values) if value >= best * _SHARE_OF_BEST])
    runs.sort(key=lambda run: -sum(values[run[0] : run[1] + 1]))
    return sorted(runs[:_MOST_SPANS])


def _merged(chosen: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for at in chosen:
        if runs and at == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs


def _as_written(found: Extract, at: int, begun: int, start: int, end: int) -> Span:
    """Return what stands between two places of the script in a text that began at a third one."""
    kept, unmasked = found.script.kept, found.texts[at]
    begin, stop = unmasked.span_as_written(int(kept[start]) - begun, int(kept[end - 1]) - begun + 1)
    return Span(begin, stop, unmasked.written[begin:stop])
