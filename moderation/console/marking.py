"""A comment's text cut into pieces that a page can show safely, with the reasons marked.

Comments are hostile text. Escaping is the template's; here invisible characters are made
visible, so that nobody approves what they cannot see and no direction control leaves the
comment's box.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from moderation.domain.verdict import Label, Reason

_ZERO_WIDTH_JOINER = "\u200d"
_EMOJI_FROM = "\u2190"
# Letters by category that nevertheless show nothing.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text under the same labels; ``unseen`` names a character that shows nothing."""

    text: str
    labels: tuple[Label, ...] = ()
    unseen: str | None = None


def mark(text: str, reasons: Sequence[Reason]) -> list[Piece]:
    """Cut a text where a reason begins or ends and around what cannot be seen."""
    pieces: list[Piece] = []
    for start, end, labels in _stretches(len(text), reasons):
        pieces += _show_unseen(text, start, end, labels)
    return pieces


def visible(text: str) -> str:
    """Return a text in which what cannot be seen is written out, for one line of a list."""
    return "".join(f"[{piece.text}]" if piece.unseen else piece.text for piece in mark(text, []))


def _stretches(
    size: int, reasons: Sequence[Reason]
) -> Iterator[tuple[int, int, tuple[Label, ...]]]:
    """Yield the stretches between the edges of all spans, each with the labels over it."""
    spans = [(reason.label, span) for reason in reasons for span in reason.spans]
    edges = {0, size}
    for _, span in spans:
        edges |= {min(max(span.start, 0), size), min(max(span.end, 0), size)}
    ordered = sorted(edges)
    for start, end in pairwise(ordered):
        over = [label for label, span in spans if span.start <= start and end <= span.end]
        yield start, end, tuple(dict.fromkeys(over))


def _show_unseen(text: str, start: int, end: int, labels: tuple[Label, ...]) -> Iterable[Piece]:
    shown = start
    for at in range(start, end):
        if not _is_unseen(text, at):
            continue
        if at > shown:
            yield Piece(text[shown:at], labels)
        yield Piece(f"U+{ord(text[at]):04X}", labels, _name(text[at]))
        shown = at + 1
    if end > shown:
        yield Piece(text[shown:end], labels)


def _is_unseen(text: str, at: int) -> bool:
    char = text[at]
    if char in "\n\t\r":
        return False
    if char == _ZERO_WIDTH_JOINER:  # it holds emoji families together
        return at == 0 or text[at - 1] < _EMOJI_FROM
    return char in _BLANK_LETTERS or unicodedata.category(char) in {"Cc", "Cf", "Cn", "Co", "Cs"}


def _name(char: str) -> str:
    return unicodedata.name(char, "karakter tanpa nama").title()
