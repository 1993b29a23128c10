"""The rows of a dataset: one comment, its labels, its group, and which side of the split it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from moderation.domain.scorer import Article, Passage
from moderation.domain.verdict import LABELS, Label
from training.dataset.statements import Voice
from training.examples import Example

TRUST: Mapping[Voice, float] = {
    Voice.SECOND_LOOK: 3.0,
    Voice.MODERATOR: 2.0,
    Voice.SITE: 1.5,
    Voice.FILE: 1.0,
}
"""How much a row weighs in training; the project's own corpus weighs 3."""


class Split(StrEnum):
    """What a row is for; near-copies are on the same side."""

    TRAIN = "train"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Row:
    """One comment of a dataset; a label not in ``known`` is unknown.

    ``copies`` is how many comments it stands for, ``at`` when it came, ``said_at`` when the
    statement that counts was made.
    """

    id: str
    passage: Passage
    known: Mapping[Label, bool]
    voice: Voice
    source: str
    at: datetime | None
    said_at: datetime | None
    language: str
    group: str
    copies: int
    split: Split

    @property
    def harmful(self) -> bool:
        """Tell whether any known label holds."""
        return any(self.known.values())

    def to_json(self) -> dict[str, Any]:
        """Return the form a dataset's file keeps."""
        article = self.passage.article
        return {
            "id": self.id,
            "text": self.passage.text,
            "article": article
            and {"title": article.title, "section": article.section, "summary": article.summary},
            "parent": self.passage.parent,
            "labels": {
                label.value: int(self.known[label]) if label in self.known else None
                for label in LABELS
            },
            "said_by": self.voice.value,
            "source": self.source,
            "at": self.at and self.at.isoformat(),
            "said_at": self.said_at and self.said_at.isoformat(),
            "section": article.section if article else "",
            "language": self.language,
            "group": self.group,
            "copies": self.copies,
            "split": self.split.value,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read what :meth:`to_json` wrote."""
        article = document["article"]
        labels = document["labels"]
        return cls(
            id=document["id"],
            passage=Passage(
                document["text"], Article(**article) if article else None, document["parent"]
            ),
            known={
                label: bool(labels[label.value])
                for label in LABELS
                if labels[label.value] is not None
            },
            voice=Voice(document["said_by"]),
            source=document["source"],
            at=_time(document["at"]),
            said_at=_time(document["said_at"]),
            language=document["language"],
            group=document["group"],
            copies=document["copies"],
            split=Split(document["split"]),
        )

    def example(self) -> Example:
        """Return the row as training reads it."""
        tags = {"section": self.passage.article.section} if self.passage.article else {}
        return Example(self.passage, self.known, NEWSROOM, self.group, TRUST[self.voice], tags)


NEWSROOM = "newsroom"
"""The source that a dataset's rows have among training rows."""


def _time(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)
