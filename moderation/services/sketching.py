"""The fingerprint of a text that near-copies share: the smallest hashes of its pieces."""

from collections.abc import Sequence

import numpy as np

from moderation.domain.campaign import SKETCH_SIZE

_LENGTH = 5
# A copy is told by its first pages; hashing a novel would only make a slow comment slower.
_LONGEST = 4_000
_ENOUGH = 4 * SKETCH_SIZE
_FACTORS = np.array(
    [
        0x9E3779B97F4A7C15,
        0xC2B2AE3D27D4EB4F,
        0x165667B19E3779F9,
        0xD6E8FEB86659FD93,
        0xA0761D6478BD642F,
    ],
    np.uint64,
)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT = np.uint64(32)


def sketch(words: Sequence[str]) -> tuple[int, ...]:
    """Return up to ``SKETCH_SIZE`` different hashes, the smallest first."""
    text = " ".join(words)[:_LONGEST]
    codes = np.frombuffer(text.encode("utf-32-le"), "<u4").astype(np.uint64)
    count = codes.size - _LENGTH + 1
    if count < 1:
        return ()
    hashes = codes[:count] * _FACTORS[0]
    for at in range(1, _LENGTH):
        hashes += codes[at : at + count] * _FACTORS[at]
    hashes ^= hashes >> _SHIFT
    hashes *= _MIX
    hashes ^= hashes >> _SHIFT
    return _smallest(hashes.view(np.int64))


def _smallest(hashes: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]") -> tuple[int, ...]:
    if hashes.size > _ENOUGH:
        few = np.unique(np.partition(hashes, _ENOUGH)[:_ENOUGH])
        if few.size >= SKETCH_SIZE:
            return tuple(few[:SKETCH_SIZE].tolist())
    return tuple(np.unique(hashes)[:SKETCH_SIZE].tolist())


def to_bytes(values: Sequence[int]) -> bytes:
    """Return a sketch as it is stored."""
    return np.array(values, "<i8").tobytes()


def from_bytes(stored: bytes) -> tuple[int, ...]:
    """Return a stored sketch."""
    return tuple(np.frombuffer(stored, "<i8").tolist())
