"""Words and pairs of words that a newsroom's comments suddenly hold: a new site, a new slur."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

FEWEST = 5
"""So many recent comments must hold a phrase before it is named."""

LEAST_RATIO = 3.0
"""It must be so many times as frequent as before."""

LEAST_LIKELIHOOD = 15.13
"""Chance alone gives a log-likelihood ratio (G², one degree of freedom) so large once in 10,000."""

MOST_NAMED = 20

_SHORTEST, _LONGEST = 3, 40
_SAME = 0.8


@dataclass(frozen=True, slots=True)
class Surge:
    """A phrase with the number of comments that hold it, recent and earlier."""

    phrase: str
    recent: int
    earlier: int
    likelihood: float


def find_surges(recent: Iterable[Sequence[str]], earlier: Iterable[Sequence[str]]) -> list[Surge]:
    """Return what surges, the surest first, at most ``MOST_NAMED``.

    Each comment is a row of words and counts once for a phrase, however often it repeats it.
    Memory holds the phrases of the recent comments alone.
    """
    found, recent_size = _count(recent)
    candidates = {phrase: count for phrase, count in found.items() if count >= FEWEST}
    before: Counter[str] = Counter()
    earlier_size = 0
    for words in earlier:
        earlier_size += 1
        before.update(phrase for phrase in _phrases(words) if phrase in candidates)
    surges = [
        Surge(phrase, count, before[phrase], _g2(count, recent_size, before[phrase], earlier_size))
        for phrase, count in candidates.items()
        if _is_more_frequent(count, recent_size, before[phrase], earlier_size)
    ]
    sure = [surge for surge in surges if surge.likelihood >= LEAST_LIKELIHOOD]
    sure.sort(key=lambda surge: (-surge.likelihood, -len(surge.phrase), surge.phrase))
    return _without_parts(sure)[:MOST_NAMED]


def _count(comments: Iterable[Sequence[str]]) -> tuple[Counter[str], int]:
    counts: Counter[str] = Counter()
    size = 0
    for words in comments:
        size += 1
        counts.update(_phrases(words))
    return counts, size


def _phrases(words: Sequence[str]) -> set[str]:
    """Return a comment's words that are names or words rather than numbers, and its pairs."""
    telling = {word for word in words if _tells(word)}
    pairs = {f"{one} {other}" for one, other in pairwise(words) if _tells(one) and _tells(other)}
    return telling | pairs


def _tells(word: str) -> bool:
    return _SHORTEST <= len(word) <= _LONGEST and not word.isdigit()


def _is_more_frequent(count: int, size: int, before: int, earlier_size: int) -> bool:
    return earlier_size > 0 and count * earlier_size > LEAST_RATIO * before * size


def _g2(count: int, size: int, before: int, earlier_size: int) -> float:
    """Return Dunning's log-likelihood ratio for one rate in both windows against two."""
    rate = (count + before) / (size + earlier_size)
    return 2 * sum(
        seen * math.log(seen / expected)
        for seen, expected in (
            (count, size * rate),
            (size - count, size * (1 - rate)),
            (before, earlier_size * rate),
            (earlier_size - before, earlier_size * (1 - rate)),
        )
        if seen
    )


def _without_parts(surges: list[Surge]) -> list[Surge]:
    """Leave a word out that hardly ever stands without the pair it is named in."""
    pairs = [surge for surge in surges if " " in surge.phrase]
    within: dict[str, int] = {}
    for pair in pairs:
        for word in pair.phrase.split():
            within[word] = max(within.get(word, 0), pair.recent)
    return [
        surge
        for surge in surges
        if " " in surge.phrase or within.get(surge.phrase, 0) < _SAME * surge.recent
    ]
