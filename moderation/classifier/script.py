"""Texts as arrays of code points: what every later step reads instead of Python strings.

One table look-up tells each character's kind, another its folded form; the tables are built once
at import.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from moderation.classifier.compiled import compiled
from moderation.classifier.lookalikes import (
    ACCENTED,
    CUT_SHORT,
    INVISIBLE,
    LATIN_ALWAYS,
    LATIN_IN_LATIN_COMPANY,
    MARKS,
    REGIONAL,
)

Places = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.uint32]
Kinds = npt.NDArray[np.uint8]

# What a character is; the last three call for a closer look by the finders of disguises.
# NUMERIC: an ASCII digit, or the @ and $ that stand in for letters.
SPACE, WORD, UPPER, LATIN, NUMERIC, MARKUP, UNSEEN, LOOKALIKE = (1 << bit for bit in range(8))

_EVERY = 0x110000
_TABLED = 0x20000


def _kind(char: str) -> int:
    if char.isspace():
        return SPACE
    if char.isalnum() or unicodedata.category(char) == "Mn":
        latin = LATIN if char.isascii() and char.isalpha() else 0
        return WORD | latin | (UPPER if char.isupper() else 0)
    return 0


def _fold(char: str) -> int:
    """Return the lower-case letter without its accents, so that é and e are one letter here."""
    base = unicodedata.normalize("NFD", char)[0].lower() if ord(char) < 0x250 else char.lower()
    return ord(base) if len(base) == 1 else ord(char)


def _kinds() -> Kinds:
    kinds = np.zeros(_EVERY, np.uint8)
    kinds[:_TABLED] = [_kind(chr(code)) for code in range(_TABLED)]
    kinds[0x20000:0x32000] = WORD  # ideographs
    letters = chain(LATIN_ALWAYS, LATIN_IN_LATIN_COMPANY, ACCENTED, REGIONAL, CUT_SHORT)
    for chars, kind in (
        ("0123456789@$", NUMERIC), ("<[&", MARKUP), (INVISIBLE + MARKS, UNSEEN),
        (letters, LOOKALIKE),
    ):  # fmt: skip
        kinds[[ord(char) for char in chars]] |= np.uint8(kind)
    return kinds


def _folded() -> Codes:
    folded = np.arange(_EVERY, dtype=np.uint32)
    folded[:0x2E00] = [_fold(chr(code)) for code in range(0x2E00)]
    folded[(_KINDS & SPACE) != 0] = ord(" ")
    return folded


_KINDS = _kinds()
TABLES = _KINDS, _folded()
"""Of every code point, what it is and its folded form."""


@dataclass(frozen=True, slots=True)
class Script:
    """A batch of texts as one sequence in which runs of white space are one space.

    The sequence begins with a space and each text ends with one; text ``i`` has the elements from
    ``bounds[i]`` up to ``bounds[i + 1]``. A blank text may have none: its space is one with the
    space before it. ``kept`` tells where each element stood before white space was joined.
    """

    codes: Codes
    kinds: Kinds
    kept: Places
    bounds: Places
    word_starts: Places
    word_ends: Places

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Script":
        """Read texts."""
        return cls(*read_codes(*side_by_side(texts), *TABLES))


def side_by_side(texts: Sequence[str]) -> tuple[Codes, Places]:
    """Return the code points of texts with a space before, between and behind, and each length."""
    joined = " ".join(("", *texts, ""))
    raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    return raw, np.array([len(text) for text in texts], np.int64)


@compiled(
    "Tuple((uint32[::1], uint8[::1], int64[::1], int64[::1], int64[::1], int64[::1]))"
    "(Array(uint32, 1, 'C', readonly=True), int64[::1], uint8[::1], uint32[::1])"
)
def read_codes(
    raw: Codes, lengths: Places, kind_of: Kinds, folded: Codes
) -> tuple[Codes, Kinds, Places, Places, Places, Places]:
    """Return the parts of a :class:`Script`, in its order."""
    codes, kinds = np.empty(raw.size, np.uint32), np.empty(raw.size, np.uint8)
    kept, bounds = np.empty(raw.size, np.int64), np.zeros(lengths.size + 1, np.int64)
    starts, ends = np.empty(raw.size, np.int64), np.empty(raw.size, np.int64)
    size, words, before, at, end = 0, 0, 0, 0, 1
    for text in range(lengths.size):
        end += lengths[text] + 1
        while at < end:
            kind = int(kind_of[raw[at]])
            if not kind & before & SPACE:
                codes[size], kinds[size], kept[size] = folded[raw[at]], kind, at
                if kind & ~before & WORD:
                    starts[words] = size
                elif before & ~kind & WORD:
                    ends[words] = size
                    words += 1
                before = kind
                size += 1
            at += 1
        bounds[text + 1] = size
    return codes[:size], kinds[:size], kept[:size], bounds, starts[:words], ends[:words]
