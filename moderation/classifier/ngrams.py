"""Fingerprint the words and character n-grams of many texts in one vectorised pass.

An n-gram is told by a 64-bit hash of its code points. Prefix sums of ``code * P**position`` give
the hash of any stretch as one subtraction and one multiplication, so that no Python loop runs
over characters or n-grams.
"""

from dataclasses import dataclass

import numpy as np

from moderation.classifier.script import LONGEST, NUMERIC, SPACE, WORD, Keys, Places, Script

CHAR_SIZES = (2, 3, 4, 5)
"""Each one more than the one before."""
WORD_SIZES = (1, 2)

_PRIME = 0x9E3779B97F4A7C15
_MIX = np.uint64(0xD6E8FEB86659FD93)
_SHIFT = np.uint64(32)
_NEXT_WORD = np.uint64(0xBF58476D1CE4E5B9)
_WORD_SALTS = {size: np.uint64(0xA24BAED4963EE407 * size % (1 << 64)) for size in WORD_SIZES}
_SHAPE_SALT = np.uint64(0x5851F42D4C957F2D)
_WIDTHS: Places = np.array(CHAR_SIZES)[:, None]
_NO_KEYS: Keys = np.zeros(0, np.uint64)
_NOWHERE: Places = np.zeros(0, np.int64)


def _powers(base: int) -> Keys:
    values = np.full(LONGEST + 1, base, np.uint64)
    values[0] = 1
    return np.cumprod(values, dtype=np.uint64)


_POWERS, _INVERSES = _powers(_PRIME), _powers(pow(_PRIME, -1, 1 << 64))


@dataclass(frozen=True, slots=True)
class Grams:
    """N-gram occurrences: their keys and, if located, where each stands and in which text.

    ``single`` counts the one-word n-grams, which come first among words.
    """

    keys: Keys
    docs: Places | None = None
    starts: Places | None = None
    ends: Places | None = None
    single: int = 0


@dataclass(frozen=True, slots=True)
class Hashed:
    """A script with the prefix sums of its code points and the hashes of its words."""

    script: Script
    sums: Keys
    words: Keys

    @classmethod
    def of(cls, script: Script) -> "Hashed":
        """Hash a script's words."""
        sums = _prefix_sums(script.codes)
        return cls(script, sums, _stretches(sums, script.word_starts, script.word_ends))


def _prefix_sums(codes: Keys) -> Keys:
    """Return the sum before each position and behind the last, then room for the widest n-gram."""
    sums = np.zeros(codes.size + 1 + CHAR_SIZES[-1], np.uint64)
    (codes * _POWERS[: codes.size]).cumsum(out=sums[1 : codes.size + 1])
    return sums


def _stretches(sums: Keys, starts: Places, ends: Places) -> Keys:
    keys: Keys = (sums.take(ends) - sums.take(starts)) * _INVERSES.take(starts)
    return keys


def _mixed(keys: Keys) -> Keys:
    """Spread a polynomial hash over all 64 bits, in place; its low bits alone are weak."""
    keys ^= keys >> _SHIFT
    keys *= _MIX
    keys ^= keys >> _SHIFT
    return keys


def char_grams(hashed: Hashed, *, located: bool) -> Grams:
    """Return the character n-grams that stay inside a word and the spaces around it."""
    script, sums = hashed.script, hashed.sums
    size = script.kinds.size
    # How many characters from each position up to and with the next space: the room of an n-gram.
    (blanks,) = (script.kinds & SPACE).nonzero()
    room = np.repeat(blanks[1:] + 1, blanks[1:] - blanks[:-1])
    room -= np.arange(size - 1)
    # One row a width: the sums at the n-gram's end, less those at its beginning.
    rows = np.ndarray((len(CHAR_SIZES), size - 1), np.uint64, sums, CHAR_SIZES[0] * 8, (8, 8))
    found = rows - sums[: size - 1]
    found *= _INVERSES[: size - 1]
    fits = room >= _WIDTHS
    mixed = _mixed(found[fits])
    if not located:
        return Grams(mixed)
    widths, first = fits.nonzero()
    # The space that ends one text also begins the next one's first word.
    docs = None if script.docs is None else script.docs.take(first + 1)
    return Grams(mixed, docs, first, first + widths + CHAR_SIZES[0])


def word_grams(hashed: Hashed, *, located: bool) -> Grams:
    """Return runs of one to three words, and the shapes of words that hold digits."""
    runs = [hashed.words]
    for _ in WORD_SIZES[1:]:
        runs.append(runs[-1][:-1] * _NEXT_WORD + hashed.words[len(runs) :])
    keys = [run ^ _WORD_SALTS[size] for size, run in zip(WORD_SIZES, runs, strict=True)]
    shapes, holders = _shapes(hashed.script)
    keys.append(shapes)
    if not located:
        return Grams(_mixed(np.concatenate(keys)), single=hashed.words.size)
    return _located(hashed, keys, holders)


def _located(hashed: Hashed, keys: list[Keys], holders: Places) -> Grams:
    """Add where each word n-gram stands, and drop those that run from one text into the next."""
    script = hashed.script
    firsts = [*(np.arange(run.size) for run in keys[:-1]), holders]
    first = np.concatenate(firsts)
    last = np.concatenate([*(run + size for size, run in enumerate(firsts[:-1])), holders])
    mixed = _mixed(np.concatenate(keys))
    starts, ends = script.word_starts.take(first), script.word_ends.take(last)
    if script.docs is None:
        return Grams(mixed, None, starts, ends, hashed.words.size)
    docs = script.docs.take(starts)
    (within,) = (docs == script.docs.take(ends - 1)).nonzero()
    return Grams(
        mixed.take(within),
        docs.take(within),
        starts.take(within),
        ends.take(within),
        hashed.words.size,
    )


def _shapes(script: Script) -> tuple[Keys, Places]:
    """Hash words with digits as x and 0: an invented site name has the shape of all the others."""
    if not script.seen & NUMERIC:
        return _NO_KEYS, _NOWHERE
    digit = (script.kinds & (NUMERIC | WORD)) == (NUMERIC | WORD)
    (digits,) = digit.nonzero()
    holders = np.unique(script.word_ends.searchsorted(digits, "right"))
    codes = script.codes.copy()
    codes[(script.kinds & WORD) != 0] = ord("x")
    codes[digit] = ord("0")
    starts, ends = script.word_starts.take(holders), script.word_ends.take(holders)
    return _stretches(_prefix_sums(codes), starts, ends) ^ _SHAPE_SALT, holders
