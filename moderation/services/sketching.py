"""The fingerprint of a text that near-copies share: the smallest hashes of its pieces."""

from collections.abc import Sequence

import numpy as np

from moderation.domain.campaign import SKETCH_SIZE

# How alike two texts are is told by short pieces, which survive edits. They are found by long
# ones: short pieces are common to so many texts that an index of them would hold everybody.
_SHORT = 5
_LONG = 12
# A copy is told by its first pages; hashing a novel would only make a slow comment slower.
_LONGEST = 4_000
_ENOUGH = 2 * SKETCH_SIZE
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT = np.uint64(32)
_FACTORS = np.array([pow(0x9E3779B97F4A7C15, power, 2**64) for power in range(1, 17)], np.uint64)
_Hashes = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]


def sketch(words: Sequence[str]) -> tuple[int, ...]:
    """Return up to ``SKETCH_SIZE`` different hashes of short pieces, the smallest first."""
    return _smallest(_hashes(_codes(words), _SHORT))


def sketch_and_keys(words: Sequence[str]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return a text's sketch, and as many hashes of long pieces to find it by."""
    codes = _codes(words)
    return _smallest(_hashes(codes, _SHORT)), _smallest(_hashes(codes, _LONG))


def _codes(words: Sequence[str]) -> _Hashes:
    text = " ".join(words)[:_LONGEST]
    return np.frombuffer(text.encode("utf-32-le"), "<u4").astype(np.uint64)


def _hashes(codes: _Hashes, length: int) -> _Hashes:
    """Return a hash for every piece of a length."""
    count = max(0, codes.size - length + 1)
    hashes = np.zeros(count, np.uint64)
    done, width = 0, 1
    rolled = codes
    while done < length:
        if length & width:
            hashes = hashes * _FACTORS[width - 1] + rolled[done : done + count]
            done += width
        rolled = rolled[:-width] * _FACTORS[width - 1] + rolled[width:]
        width *= 2
    hashes ^= hashes >> _SHIFT
    hashes *= _MIX
    hashes ^= hashes >> _SHIFT
    return hashes


def _smallest(unsigned: _Hashes) -> tuple[int, ...]:
    hashes = unsigned.view(np.int64)
    if hashes.size > _ENOUGH:
        few = sorted(set(np.partition(hashes, _ENOUGH)[:_ENOUGH].tolist()))
        if len(few) >= SKETCH_SIZE:
            return tuple(few[:SKETCH_SIZE])
    return tuple(sorted(set(hashes.tolist()))[:SKETCH_SIZE])


def to_bytes(values: Sequence[int]) -> bytes:
    """Return a sketch as it is stored."""
    return np.array(values, "<i8").tobytes()


def from_bytes(stored: bytes) -> tuple[int, ...]:
    """Return a stored sketch."""
    return tuple(np.frombuffer(stored, "<i8").tolist())
