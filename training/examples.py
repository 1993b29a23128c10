"""One training row: a passage, and which labels its source knows about it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from moderation.domain.scorer import Passage
from moderation.domain.verdict import Label


@dataclass(frozen=True, slots=True)
class Example:
    """A passage with the labels its source speaks about; a label not in ``known`` is unknown.

    ``group`` is shared by rows that must not be split between training and test; ``tags`` keep
    what an evaluation slices by; ``trust`` scales the row's weight in training; ``reader`` tells
    comments of readers from reviews, statements and other prose. ``added`` are the known labels
    that its source does not speak about, and that people read into it for this project.
    """

    passage: Passage
    known: Mapping[Label, bool]
    source: str
    group: str
    trust: float = 1.0
    tags: Mapping[str, str] = field(default_factory=dict)
    reader: bool = True
    added: frozenset[Label] = frozenset()

    @property
    def harmful(self) -> bool:
        """Tell whether any known label holds."""
        return any(self.known.values())


# Everything but letters and digits.
_NO_WORD = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """Return the text's letters and digits alone, the key under which copies are one."""
    return _NO_WORD.sub("", unicodedata.normalize("NFKC", text).lower())


def without_copies(examples: Iterable[Example]) -> list[Example]:
    """Keep one of the rows of a source that fold to the same text, harmful ones first."""
    kept: dict[tuple[str, str], Example] = {}
    for example in sorted(examples, key=lambda row: not row.harmful):
        kept.setdefault((example.source, folded(example.passage.text)), example)
    return list(kept.values())
