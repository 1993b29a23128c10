"""Read a comment the way its writer meant it to be read, and remember where everything stood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat

from moderation.classifier.disguises import FINDERS, Edit, Trick
from moderation.classifier.screen import Sign, signs
from moderation.classifier.script import Script

# A trick can hide another (an entity inside spaced letters …); honest and ordinary disguised text
# is stable after one round, and the bound keeps the time linear on hostile ones.
_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Unmasked:
    """A text without its decorations.

    Character ``i`` of ``text`` was written at ``starts[i]`` and on, up to ``starts[i + 1]``;
    ``starts`` is ``None`` where nothing was added or dropped. Positions count code points.
    ``folds`` tells how many written characters each trick had changed.
    """

    text: str
    written: str
    starts: Sequence[int] | None = None
    folds: Mapping[Trick, int] = field(default_factory=dict)

    def span_as_written(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``text[start:end]`` stands in the text as written, decorations included."""
        if self.starts is None:
            return start, end
        first = self.starts[start]
        last = self.starts[end]
        while last <= first and end < len(self.text):
            end += 1
            last = self.starts[end]
        return first, last


def unmask(text: str) -> Unmasked:
    """Fold what spammers and insulters decorate; total and idempotent on any string."""
    return unmask_all([text])[0][0]


def unmask_all(texts: Sequence[str]) -> tuple[list[Unmasked], Script]:
    """Unmask texts, in order, and return them with the script of their folded forms.

    A thousand at once cost a fraction of a thousand single calls.
    """
    script = Script.of(texts)
    seen = signs(script)
    unmasked = unmask_seen(texts, seen)
    return unmasked, Script.of([one.text for one in unmasked]) if any(seen) else script


def unmask_seen(texts: Sequence[str], seen: Sequence[int]) -> list[Unmasked]:
    """Unmask the texts in which signs of a trick were seen, and take the others as they are."""
    return [
        _unmask(text, Sign(sign)) if sign else Unmasked(text, text)
        for text, sign in zip(texts, seen, strict=True)
    ]


def _unmask(text: str, seen: Sign) -> Unmasked:
    folded = text
    starts: list[int] | None = None
    folds: dict[Trick, int] = {}
    for _ in range(_ROUNDS):
        before = folded
        for sign, trick, find in FINDERS:
            edits = find(folded) if sign & seen else ()
            if edits:
                if starts is None:
                    starts = list(range(len(text) + 1))
                folds[trick] = folds.get(trick, 0) + _written(edits)
                folded, starts = _apply(folded, starts, edits)
        if folded == before:
            break
        (again,) = signs(Script.of([folded]))
        if not again:
            break
        seen = Sign(again)
    return Unmasked(folded, text, starts, folds)


def _written(edits: Sequence[Edit]) -> int:
    """Count the characters that were changed; a space of another width is no decoration."""
    return sum(edit.end - edit.start for edit in edits if edit.replacement != " ")


def _apply(text: str, starts: list[int], edits: Sequence[Edit]) -> tuple[str, list[int]]:
    """Return the edited text, and for each of its characters where it was written.

    A replacement as long as what it replaces stands for it character by character.
    """
    pieces: list[str] = []
    moved: list[int] = []
    at = 0
    for start, end, replacement in edits:
        pieces += (text[at:start], replacement)
        if len(replacement) == end - start:
            moved += starts[at:end]
        else:
            moved += starts[at:start]
            moved += repeat(starts[start], len(replacement))
        at = end
    pieces.append(text[at:])
    moved += starts[at:]
    return "".join(pieces), moved
