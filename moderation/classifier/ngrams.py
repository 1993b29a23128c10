"""Fingerprint the words and character n-grams of many texts in one pass.

An n-gram is told by a 64-bit hash: the sum of ``code * P**position`` over its code points, mixed.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from moderation.classifier.compiled import compiled, inlined
from moderation.classifier.script import (
    NUMERIC,
    SPACE,
    WORD,
    Codes,
    Keys,
    Kinds,
    Places,
    Script,
)

CHAR_SIZES = (2, 3, 4, 5)
"""Each one more than the one before."""

_PRIME = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_SHIFT = np.uint64(32)
_NEXT_WORD = np.uint64(0xBF58476D1CE4E5B9)
_WORD_SALT = np.uint64(0xA24BAED4963EE407)
_PAIR_SALT = np.uint64(0xA24BAED4963EE407 * 2 % (1 << 64))
_SHAPE_SALT = np.uint64(0x5851F42D4C957F2D)
_SHAPE_OF_DIGIT, _SHAPE_OF_LETTER = np.uint64(ord("0")), np.uint64(ord("x"))
_DIGIT = NUMERIC | WORD
_SHORTEST, _LONGEST = CHAR_SIZES[0], CHAR_SIZES[-1]
# A word may begin an n-gram of one word, one of two, and a shape.
_BLOCKS = 2
_MOST_A_WORD, _MOST_A_PLACE = 3, len(CHAR_SIZES)

_Written: TypeAlias = tuple[Keys, Places, Places]


@dataclass(frozen=True, slots=True)
class Grams:
    """N-gram occurrences: their keys, and where each begins and ends in the script.

    Text ``i`` has two blocks: word n-grams from ``edges[2 * i]``, and character n-grams from
    ``edges[2 * i + 1]`` up to ``edges[2 * i + 2]``. Its single words come first, one for each
    word of the script; there are ``singles[i]``.
    """

    keys: Keys
    starts: Places
    ends: Places
    edges: Places
    singles: Places

    @classmethod
    def of(cls, script: Script) -> "Grams":
        """Find words, pairs of words, the shapes of words that hold digits, and character n-grams.

        An n-gram of characters stays inside a word and the spaces around it. In a shape letters
        are x and digits 0: an invented site name has the shape of all the others.
        """
        return cls(
            *fingerprints(
                script.codes, script.kinds, script.bounds, script.word_starts, script.word_ends
            )
        )

    def in_block(self, block: int) -> tuple[Keys, Places]:
        """Return the keys of one block, 0 for words and 1 for characters, and each one's text."""
        sizes = np.diff(self.edges)
        mine = np.arange(sizes.size) % _BLOCKS == block
        keys = self.keys[np.repeat(mine, sizes)]
        return keys, np.repeat(np.arange(self.singles.size), sizes[mine])


@inlined
def _mixed(key: np.uint64) -> np.uint64:
    """Spread a polynomial hash over all 64 bits; its low bits alone are weak."""
    key ^= key >> _SHIFT
    key *= _MIX
    return key ^ (key >> _SHIFT)


@inlined
def _write_words(
    codes: Codes, word_starts: Places, word_ends: Places, grams: _Written, size: int
) -> int:
    """Write the words and the pairs of them behind the first ``size``; return the new size."""
    keys, starts, ends = grams
    first = size
    for word in range(word_starts.size):
        key, power = np.uint64(0), np.uint64(1)
        for at in range(word_starts[word], word_ends[word]):
            key += np.uint64(codes[at]) * power
            power *= _PRIME
        keys[size], starts[size], ends[size] = key, word_starts[word], word_ends[word]
        size += 1
    for word in range(first, first + word_starts.size - 1):
        pair = keys[word] * _NEXT_WORD + keys[word + 1]
        keys[size], starts[size], ends[size] = (
            _mixed(pair ^ _PAIR_SALT),
            starts[word],
            ends[word + 1],
        )
        size += 1
    for word in range(first, first + word_starts.size):
        keys[word] = _mixed(keys[word] ^ _WORD_SALT)
    return size


@inlined
def _write_shapes(
    kinds: Kinds, word_starts: Places, word_ends: Places, grams: _Written, size: int
) -> int:
    """Write the shapes of words that hold a digit: letters as x and digits as 0."""
    keys, starts, ends = grams
    for word in range(word_starts.size):
        key, power, digits = np.uint64(0), np.uint64(1), 0
        for at in range(word_starts[word], word_ends[word]):
            digit = kinds[at] & _DIGIT == _DIGIT
            digits += digit
            key += (_SHAPE_OF_DIGIT if digit else _SHAPE_OF_LETTER) * power
            power *= _PRIME
        if digits:
            keys[size], starts[size], ends[size] = (
                _mixed(key ^ _SHAPE_SALT), word_starts[word], word_ends[word],
            )  # fmt: skip
            size += 1
    return size


@inlined
def _write_characters(
    codes: Codes, kinds: Kinds, first: int, end: int, grams: _Written, size: int
) -> int:
    """Write the n-grams of characters that begin in a stretch."""
    keys, starts, ends = grams
    for start in range(first, end):
        key, power = np.uint64(codes[start]), _PRIME
        for width in range(_SHORTEST, _LONGEST + 1):
            at = start + width - 1
            key += np.uint64(codes[at]) * power
            power *= _PRIME
            keys[size], starts[size], ends[size] = _mixed(key), start, at + 1
            size += 1
            if kinds[at] & SPACE:
                break
    return size


@compiled(
    "Tuple((uint64[::1], int64[::1], int64[::1], int64[::1], int64[::1]))"
    "(uint32[::1], uint8[::1], int64[::1], int64[::1], int64[::1])"
)
def fingerprints(
    codes: Codes, kinds: Kinds, bounds: Places, word_starts: Places, word_ends: Places
) -> tuple[Keys, Places, Places, Places, Places]:
    """Return the parts of :class:`Grams`, in its order."""
    most = _MOST_A_PLACE * codes.size + _MOST_A_WORD * word_starts.size
    grams = np.empty(most, np.uint64), np.empty(most, np.int64), np.empty(most, np.int64)
    edges, singles = np.zeros(2 * bounds.size - 1, np.int64), np.empty(bounds.size - 1, np.int64)
    size, word = 0, 0
    for text in range(singles.size):
        first, begin, end = word, bounds[text], bounds[text + 1]
        while word < word_starts.size and word_starts[word] < end:
            word += 1
        singles[text] = word - first
        from_, to = word_starts[first:word], word_ends[first:word]
        size = _write_words(codes, from_, to, grams, size)
        edges[2 * text + 1] = size = _write_shapes(kinds, from_, to, grams, size)
        # The space that ends one text also begins the next one's first word.
        size = _write_characters(codes, kinds, max(begin - 1, 0), end - 1, grams, size)
        edges[2 * text + 2] = size
    keys, starts, ends = grams
    return keys[:size], starts[:size], ends[:size], edges, singles
