"""Count in how many passages each n-gram stands, in memory that does not grow with them."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from moderation.classifier.features import BLOCKS
from moderation.classifier.script import Keys
from moderation.cluster import Spread
from moderation.domain.scorer import Passage
from training import pipeline
from training.pipeline import Space

Counts = npt.NDArray[np.int64]

_PAIR = np.dtype([("key", np.uint64), ("count", np.int64)])
# Keys are cut by their first four bits into heaps that are sorted one at a time.
_HEAPS = 16
_SHIFT = np.uint64(60)


def space_of(
    batches: Iterable[Sequence[Passage]],
    folder: Path,
    spread: Spread,
    *,
    at_least: int,
    at_most: int,
) -> Space:
    """Collect the n-grams that stand in at least so many passages.

    If they are more than ``at_most``, as many passages more are asked for as it takes.
    """
    count = 0
    for size, counted in spread(_count, None, batches):
        count += size
        for block, pairs in enumerate(counted):
            _sort_away(folder, block, pairs)
    found = [_collect(folder, block, at_least) for block in range(len(BLOCKS))]
    least = _enough(np.concatenate([pairs["count"] for pairs in found]), at_most)
    found = [pairs[pairs["count"] >= least] for pairs in found]
    every = np.concatenate(found)
    idf = np.log((1 + count) / (1 + every["count"])) + 1
    return Space(every["key"].copy(), idf.astype(np.float32), found[0].size)


def _count(_: None, passages: Sequence[Passage]) -> tuple[int, list[npt.NDArray[np.void]]]:
    read = pipeline.extracts(passages)
    counted = []
    for block in range(len(BLOCKS)):
        keys, counts = pipeline.document_frequency(read, block)
        counted.append(_pairs(keys, counts))
    return len(passages), counted


def _pairs(keys: Keys, counts: Counts) -> npt.NDArray[np.void]:
    pairs = np.empty(keys.size, _PAIR)
    pairs["key"], pairs["count"] = keys, counts
    return pairs


def _sort_away(folder: Path, block: int, pairs: npt.NDArray[np.void]) -> None:
    """Add sorted pairs to the files of their heaps."""
    edges = (pairs["key"] >> _SHIFT).searchsorted(np.arange(_HEAPS + 1, dtype=np.uint64))
    for heap, (first, last) in enumerate(pairwise(edges.tolist())):
        with (folder / f"{block}-{heap}.pairs").open("ab") as file:
            pairs[first:last].tofile(file)


def _collect(folder: Path, block: int, at_least: int) -> npt.NDArray[np.void]:
    kept = []
    for heap in range(_HEAPS):
        path = folder / f"{block}-{heap}.pairs"
        pairs = np.fromfile(path, _PAIR)
        path.unlink()
        pairs.sort(order="key")
        (firsts,) = np.diff(pairs["key"], prepend=~pairs["key"][:1]).nonzero()
        keys = pairs["key"][firsts]
        counts = np.add.reduceat(pairs["count"], firsts) if firsts.size else pairs["count"]
        kept.append(_pairs(keys, counts)[counts >= at_least])
    return np.concatenate(kept)


def _enough(counts: Counts, at_most: int) -> int:
    """Return the least count that so many n-grams at most reach."""
    if counts.size <= at_most:
        return 0
    return int(np.partition(counts, counts.size - at_most - 1)[counts.size - at_most - 1]) + 1
