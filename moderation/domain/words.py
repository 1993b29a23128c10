"""A text as a row of bare words: what lists and campaigns compare."""

import re
from bisect import bisect_right

_WORD = re.compile(r"[^\W_]+")


def fold_case(text: str) -> str:
    """Return a text in small letters, as long as it was, so that positions stay true."""
    folded = text.lower()
    if len(folded) == len(text):
        return folded
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters, without anything between them."""
    return _WORD.findall(fold_case(text))


def as_row(words: list[str]) -> str:
    """Return words with one space before, between and after: every word has its boundaries."""
    return f" {' '.join(words)} "


class Places:
    """Finds where in a text a piece of its row stands."""

    def __init__(self, text: str) -> None:
        self._words = [found.span() for found in _WORD.finditer(fold_case(text))]
        self._starts: list[int] = []
        at = 1
        for start, end in self._words:
            self._starts.append(at)
            at += end - start + 1

    def of(self, start: int, end: int) -> tuple[int, int]:
        """Return the place of the words that ``row[start:end]`` touches."""
        first = max(0, bisect_right(self._starts, max(start, 1)) - 1)
        last = max(first, bisect_right(self._starts, end - 1) - 1)
        return self._words[first][0], self._words[last][1]
