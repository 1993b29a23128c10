"""The fingerprint of a text that near-copies share: the smallest hashes of its pieces."""

import struct
from collections.abc import Sequence

import numpy as np

from moderation.domain.campaign import SKETCH_SIZE

# How alike two texts are is told by pieces of 5 letters, which survive edits. They are found by
# pieces of 12: short ones are common to so many texts that an index of them would hold everybody.
_SHORT = 5
_LONG = 12
# A copy is told by its first pages; hashing a novel would only make a slow comment slower.
_LONGEST = 4_000
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT = np.uint64(32)
_BASE = 0x9E3779B97F4A7C15
_F1, _F2, _F4 = (np.uint64(pow(_BASE, power, 2**64)) for power in (1, 2, 4))
_Hashes = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]


def sketch(words: Sequence[str]) -> tuple[int, ...]:
    """Return up to ``SKETCH_SIZE`` different hashes of short pieces, the smallest first."""
    return sketch_and_keys(words)[0]


def sketch_and_keys(words: Sequence[str]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return a text's sketch, and as many hashes of long pieces to find it by.

    A hash of a piece is made from those of its halves: 1 and 4 letters make 5, 8 and 4 make 12.
    """
    text = " ".join(words)[:_LONGEST]
    ones = np.frombuffer(text.encode("utf-32-le"), "<u4").astype(np.uint64)
    if ones.size < _SHORT:
        return (), ()
    twos = ones[:-1] * _F1 + ones[1:]
    fours = twos[:-2] * _F2 + twos[2:]
    drawn = _smallest(fours[:-1] * _F1 + ones[4:])
    if ones.size < _LONG:
        return drawn, ()
    eights = fours[:-4] * _F4 + fours[4:]
    return drawn, _smallest(eights[:-4] * _F4 + fours[8:])


def _smallest(hashes: _Hashes) -> tuple[int, ...]:
    hashes ^= hashes >> _SHIFT
    hashes *= _MIX
    hashes ^= hashes >> _SHIFT
    ordered = np.sort(hashes.view(np.int64))
    few = tuple(dict.fromkeys(ordered[: 2 * SKETCH_SIZE].tolist()))
    if len(few) < SKETCH_SIZE < ordered.size:
        few = tuple(dict.fromkeys(ordered.tolist()))
    return few[:SKETCH_SIZE]


def to_bytes(values: Sequence[int]) -> bytes:
    """Return a sketch as it is stored."""
    return struct.pack(f"<{len(values)}q", *values)


def from_bytes(stored: bytes) -> tuple[int, ...]:
    """Return a stored sketch."""
    return struct.unpack(f"<{len(stored) // 8}q", stored)
