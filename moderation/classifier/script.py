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

from moderation.classifier.lookalikes import (
    ACCENTED,
    INVISIBLE,
    LATIN_ALWAYS,
    LATIN_IN_LATIN_COMPANY,
    MARKS,
    REGIONAL,
)

Places = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Kinds = npt.NDArray[np.uint8]

# What a character is; the last three call for a closer look by the finders of disguises.
# NUMERIC: an ASCII digit, or the @ and $ that stand in for letters.
SPACE, WORD, UPPER, LATIN, NUMERIC, MARKUP, UNSEEN, LOOKALIKE = (1 << bit for bit in range(8))

LONGEST = 1 << 17
"""The most code points one script may hold."""

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
    letters = chain(LATIN_ALWAYS, LATIN_IN_LATIN_COMPANY, ACCENTED, REGIONAL)
    for chars, kind in (
        ("0123456789@$", NUMERIC), ("<[&", MARKUP), (INVISIBLE + MARKS, UNSEEN),
        (letters, LOOKALIKE),
    ):  # fmt: skip
        kinds[[ord(char) for char in chars]] |= np.uint8(kind)
    return kinds


def _folded() -> Keys:
    folded = np.arange(_EVERY, dtype=np.uint64)
    folded[:0x2E00] = [_fold(chr(code)) for code in range(0x2E00)]
    folded[(_KINDS & SPACE) != 0] = ord(" ")
    return folded


_KINDS = _kinds()
_FOLDED = _folded()


@dataclass(frozen=True, slots=True)
class Script:
    """A batch of texts as one sequence in which runs of white space are one space.

    The sequence begins with a space and each text ends with one. ``kept`` tells where each
    element stood in that sequence before white space was joined, ``docs`` which text it belongs
    to; both are ``None`` where there is nothing to tell. ``seen`` is the union of all kinds.
    """

    codes: Keys
    kinds: Kinds
    kept: Places | None
    docs: Places | None
    count: int
    word_starts: Places
    word_ends: Places
    seen: int

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Script":
        """Read texts, at most :data:`LONGEST` code points together with a space after each."""
        joined = " ".join(("", *texts, ""))
        raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        kinds = _KINDS.take(raw)
        docs = _documents(texts) if len(texts) > 1 else None
        kept: Places | None = None
        blank = (kinds & SPACE).view(np.bool_)
        doubled = blank[1:] & blank[:-1]
        if doubled.any():
            keep = np.ones(raw.size, np.bool_)
            np.logical_not(doubled, out=keep[1:])
            (kept,) = keep.nonzero()
            raw, kinds = raw.take(kept), kinds.take(kept)
            docs = docs.take(kept) if docs is not None else None
        word = kinds & WORD
        (edges,) = (word[1:] != word[:-1]).nonzero()
        edges += 1
        seen = int(np.bitwise_or.reduce(kinds))
        starts, ends = edges[0::2], edges[1::2]
        return cls(_FOLDED.take(raw), kinds, kept, docs, len(texts), starts, ends, seen)


def _documents(texts: Sequence[str]) -> Places:
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    lengths[0] += 1  # the space before the first text
    return np.repeat(np.arange(len(texts)), lengths)
