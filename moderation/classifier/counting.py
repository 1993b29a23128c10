"""Count a batch's known n-grams, weigh them, and add up what each says.

The counts are sublinear, weighted by rarity, and each of the two blocks is scaled to unit length.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from moderation.classifier.compiled import compiled, inlined
from moderation.classifier.context import Flags
from moderation.classifier.features import Extract, Floats
from moderation.classifier.script import Keys, Places
from moderation.classifier.vocabulary import Vocabulary, ids_in

_Table: TypeAlias = npt.NDArray[np.int32]

SUBJECT = np.float32(0.5)
"""What a word's weight is multiplied with where the article uses it too."""

SUBLINEAR = np.concatenate(([0], 1 + np.log(np.arange(1, 4096)))).astype(np.float32)
_HALF = np.uint64(32)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Counted:
    """The known n-grams of a batch with their weights; passage ``i`` has those from ``firsts[i]``.

    An n-gram that stands both inside and outside the article's words has two entries. ``times``
    tells how often each stands there, and ``entries`` which entry each occurrence went into, -1
    if it is unknown. ``known`` is the share of each passage's words that are in the vocabulary.
    """

    firsts: Places
    ids: Places
    values: Floats
    times: Places
    entries: Places
    known: Floats


def count_known(found: Extract, vocabulary: Vocabulary, idf: Floats, characters: int) -> Counted:
    """Look the n-grams up and weigh them; the ids of character n-grams begin at ``characters``."""
    return Counted(*_count(*_arguments(found, vocabulary, idf, characters)))


_Arguments: TypeAlias = tuple[Keys, Places, Places, Flags, Keys, Floats, int, Floats]


def _arguments(found: Extract, vocabulary: Vocabulary, idf: Floats, characters: int) -> _Arguments:
    _check_rarity(vocabulary, idf)
    grams = found.grams
    return (
        grams.keys, grams.edges, grams.singles, found.weak, vocabulary.slots, idf, characters,
        SUBLINEAR,
    )  # fmt: skip


def rows_of(vocabulary: Vocabulary, idf: Floats, rows: Floats) -> Floats:
    """Return rows as they are added up; raise ``ValueError`` unless every n-gram has what it needs.

    The loops below check nothing.
    """
    _check_rarity(vocabulary, idf)
    if rows.ndim != 2 or rows.shape[0] != vocabulary.size:
        raise ValueError(f"{vocabulary.size} n-grams have rows of the shape {rows.shape}")
    return np.ascontiguousarray(rows, np.float32)


def _check_rarity(vocabulary: Vocabulary, idf: Floats) -> None:
    if idf.shape != (vocabulary.size,):
        raise ValueError(f"{vocabulary.size} n-grams have rarities of the shape {idf.shape}")


@inlined
def _known_shares(ids: Places, edges: Places, singles: Places) -> Floats:
    # Where there is no word, as in a row of emoji, none is unknown.
    known = np.ones(singles.size, np.float32)
    for passage in range(singles.size):
        first, words, there = edges[2 * passage], singles[passage], 0
        for at in range(first, first + words):
            there += ids[at] >= 0
        if words:
            known[passage] = there / words
    return known


@inlined
def _table_size(edges: Places) -> int:
    """Return a power of two, twice the most n-grams of a passage or more."""
    most, size = 0, 64
    for passage in range(edges.size // 2):
        most = max(most, edges[2 * passage + 2] - edges[2 * passage])
    while size < 2 * most:
        size *= 2
    return size


@inlined
def _number(
    ids: Places, weak: Flags, marks: Places, times: Places, table: _Table, first: int
) -> int:
    """Put an entry's number in the place of each occurrence's id; return the new size.

    ``table`` leads from a mark (an id, and whether it is weak) to its entry; the entries of
    passages before count as free, so that nothing has to be cleared.
    """
    size, last = first, table.size - 1
    for at in range(ids.size):
        if ids[at] < 0:
            continue
        mark = ids[at] << 1
        if weak.size and weak[at]:
            mark |= 1
        slot = np.int64((np.uint64(mark) * _SPREAD) >> _HALF) & last
        entry = int(table[slot])
        while entry >= first and marks[entry] != mark:
            slot = (slot + 1) & last
            entry = int(table[slot])
        if entry < first:
            entry = size
            table[slot], marks[entry], times[entry] = entry, mark, 0
            size += 1
        ids[at] = entry
        times[entry] += 1
    return size


@inlined
def _weigh(
    marks: Places, times: Places, values: Floats, idf: Floats, characters: int, sublinear: Floats
) -> None:
    words, letters, most = 0.0, 0.0, np.int64(sublinear.size - 1)
    for entry in range(marks.size):
        value = sublinear[min(times[entry], most)] * idf[marks[entry] >> 1]
        values[entry] = value
        if marks[entry] >> 1 < characters:
            words += np.float64(value) * np.float64(value)
        else:
            letters += np.float64(value) * np.float64(value)
    of_words = np.float32(1 / np.sqrt(max(words, 1e-12)))
    of_letters = np.float32(1 / np.sqrt(max(letters, 1e-12)))
    for entry in range(marks.size):
        scale = of_words if marks[entry] >> 1 < characters else of_letters
        values[entry] *= scale * SUBJECT if marks[entry] & 1 else scale


@compiled(
    "Tuple((int64[::1], int64[::1], float32[::1], int64[::1], int64[::1], float32[::1]))"
    "(uint64[::1], int64[::1], int64[::1], boolean[::1], uint64[::1], float32[::1], int64,"
    " float32[::1])"
)
def _count(
    keys: Keys,
    edges: Places,
    singles: Places,
    weak: Flags,
    slots: Keys,
    idf: Floats,
    characters: int,
    sublinear: Floats,
) -> tuple[Places, Places, Floats, Places, Places, Floats]:
    entries = ids_in(slots, keys)
    known = _known_shares(entries, edges, singles)
    marks, values = np.empty(keys.size, np.int64), np.empty(keys.size, np.float32)
    times, firsts = np.empty(keys.size, np.int64), np.zeros(singles.size + 1, np.int64)
    table = np.full(_table_size(edges), -1, np.int32)
    size = 0
    for passage in range(singles.size):
        first, begin, end = size, edges[2 * passage], edges[2 * passage + 2]
        size = _number(entries[begin:end], weak[begin:end], marks, times, table, first)
        _weigh(marks[first:size], times[first:size], values[first:size], idf, characters, sublinear)
        firsts[passage + 1] = size
    return firsts, marks[:size] >> 1, values[:size], times[:size], entries, known


def added_up(
    found: Extract, vocabulary: Vocabulary, idf: Floats, characters: int, rows: Floats
) -> tuple[Floats, Floats]:
    """Return for each passage the sum of its known n-grams' rows by their weights.

    The second array is the share of its words that is known. The rows are those that
    :func:`rows_of` let through for the same vocabulary.
    """
    return add_up(*_arguments(found, vocabulary, idf, characters), rows)


@compiled(
    "Tuple((float32[:, ::1], float32[::1]))"
    "(uint64[::1], int64[::1], int64[::1], boolean[::1], uint64[::1], float32[::1], int64,"
    " float32[::1], float32[:, ::1])"
)
def add_up(
    keys: Keys,
    edges: Places,
    singles: Places,
    weak: Flags,
    slots: Keys,
    idf: Floats,
    characters: int,
    sublinear: Floats,
    rows: Floats,
) -> tuple[Floats, Floats]:
    """Return what :func:`added_up` does."""
    firsts, ids, values, _, _, known = _count(
        keys, edges, singles, weak, slots, idf, characters, sublinear
    )
    sums = np.zeros((firsts.size - 1, rows.shape[1]), np.float64)
    for passage in range(firsts.size - 1):
        for entry in range(firsts[passage], firsts[passage + 1]):
            value = np.float64(values[entry])
            for column in range(rows.shape[1]):
                sums[passage, column] += value * rows[ids[entry], column]
    return sums.astype(np.float32), known
