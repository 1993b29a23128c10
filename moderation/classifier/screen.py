"""Tell at a glance which texts hold a trick worth looking for, so that honest ones cost little."""

from enum import IntFlag

import numpy as np

from moderation.classifier.compiled import compiled, inlined
from moderation.classifier.script import (
    LATIN,
    LOOKALIKE,
    MARKUP,
    NUMERIC,
    UNSEEN,
    Codes,
    Kinds,
    Places,
    Script,
)


class Sign(IntFlag):
    """What was seen in a text; each sign calls for the finders of one trick or two."""

    NONE = 0
    SPACED = 1
    LEET = 2
    STRETCHED = 4
    MARKUP = MARKUP
    UNSEEN = UNSEEN
    LOOKALIKE = LOOKALIKE


_SEEN_AS_KIND = MARKUP | UNSEEN | LOOKALIKE
_SPACED, _LEET, _STRETCHED = int(Sign.SPACED), int(Sign.LEET), int(Sign.STRETCHED)
_WIDEST_GAP = 4
_N, _M, _S = map(ord, "nms")


def signs(script: Script) -> list[int]:
    """Return for each text the union of the signs it shows."""
    seen: list[int] = signs_in(
        script.codes, script.kinds, script.bounds, script.word_starts, script.word_ends
    ).tolist()
    return seen


@inlined
def _seen_as_kind(kinds: Kinds, first: int, end: int) -> int:
    found = 0
    for at in range(first, end):
        found |= kinds[at]
    return found & _SEEN_AS_KIND


@inlined
def _stretched(codes: Codes, kinds: Kinds, first: int, end: int) -> bool:
    """Find three equal letters, whatever their case."""
    for at in range(first, end - 2):
        if codes[at] == codes[at + 1] and codes[at] == codes[at + 2] and kinds[at] & LATIN:
            return True
    return False


@inlined
def _leet(codes: Codes, kinds: Kinds, first: int, end: int) -> bool:
    """Find a digit or sign between two letters, or before an n, m or s."""
    for at in range(first, end - 1):
        if kinds[at] & NUMERIC and kinds[at + 1] & LATIN:
            after = codes[at + 1]
            if kinds[at - 1] & LATIN or after in (_N, _M, _S):
                return True
    return False


@inlined
def _spaced(word_starts: Places, word_ends: Places) -> bool:
    """Find two words of one letter with a short gap between them."""
    letter = -_WIDEST_GAP - 1
    for word in range(word_starts.size):
        if word_ends[word] - word_starts[word] == 1:
            if word_starts[word] - letter <= _WIDEST_GAP:
                return True
            letter = word_starts[word]
    return False


@compiled("uint8[::1](uint32[::1], uint8[::1], int64[::1], int64[::1], int64[::1])")
def signs_in(
    codes: Codes, kinds: Kinds, bounds: Places, word_starts: Places, word_ends: Places
) -> Kinds:
    """Return the signs of each text, by the parts of its script."""
    seen = np.zeros(bounds.size - 1, np.uint8)
    word = 0
    for text in range(seen.size):
        first, end, first_word = bounds[text], bounds[text + 1], word
        while word < word_starts.size and word_starts[word] < end:
            word += 1
        found = _seen_as_kind(kinds, first, end)
        if _stretched(codes, kinds, first, end):
            found |= _STRETCHED
        if _leet(codes, kinds, first, end):
            found |= _LEET
        if _spaced(word_starts[first_word:word], word_ends[first_word:word]):
            found |= _SPACED
        seen[text] = found
    return seen
