"""Find near-copies, so that they count once and never stand on both sides of a split."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from training.examples import Example, folded

Hashes = npt.NDArray[np.uint64]

_WIDTH = 5
_ROWS, _BANDS = 3, 12
_NEAR = 0.6
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(31)
_SEEDS = np.random.default_rng(7).integers(1, 2**63, _ROWS * _BANDS, dtype=np.uint64) | np.uint64(1)


def shingles(text: str) -> Hashes:
    """Return the distinct hashes of a text's runs of five letters or digits."""
    codes = np.frombuffer(folded(text).encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = codes.astype(np.uint64)
    width = min(_WIDTH, max(codes.size, 1))
    hashes = np.zeros(max(codes.size - width + 1, 1), np.uint64)
    for offset in range(width if codes.size else 0):
        hashes = hashes * _PRIME + codes[offset : codes.size - width + 1 + offset]
    hashes ^= hashes >> _SHIFT
    return np.unique(hashes)


def likeness(left: Hashes, right: Hashes) -> float:
    """Return the Jaccard likeness of two texts' shingles."""
    common = np.intersect1d(left, right, assume_unique=True).size
    return common / (left.size + right.size - common)


def _sketch(hashes: Hashes) -> Hashes:
    """Return the smallest value under each of several hash functions."""
    mixed = hashes[None, :] * _SEEDS[:, None]
    mixed ^= mixed >> _SHIFT
    mixed *= _PRIME
    smallest: Hashes = mixed.min(axis=1)
    return smallest


def clusters(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return for each text the index of the first text of its cluster of near-copies."""
    sets = [shingles(text) for text in texts]
    sketches = np.stack([_sketch(hashes) for hashes in sets])
    parent = np.arange(len(texts))
    for band in range(_BANDS):
        keys = sketches[:, band * _ROWS : (band + 1) * _ROWS] @ _SEEDS[:_ROWS]
        order = np.argsort(keys, kind="stable")
        same = keys[order][1:] == keys[order][:-1]
        for left, right in zip(order[:-1][same].tolist(), order[1:][same].tolist(), strict=True):
            one, other = _root(parent, left), _root(parent, right)
            if one != other and likeness(sets[left], sets[right]) > _NEAR:
                parent[max(one, other)] = min(one, other)
    return np.array([_root(parent, at) for at in range(len(texts))], np.int64)


def _root(parent: npt.NDArray[np.int64], at: int) -> int:
    while parent[at] != at:
        parent[at] = parent[parent[at]]
        at = int(parent[at])
    return at


def grouped(examples: Iterable[Example]) -> list[Example]:
    """Give all near-copies, whatever their sources, one group."""
    rows = list(examples)
    heads = clusters([row.passage.text for row in rows])
    return [replace(row, group=rows[head].group) for row, head in zip(rows, heads, strict=True)]
