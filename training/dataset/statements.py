"""What one voice says of one comment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from moderation.domain.decision import Decision
from moderation.domain.scorer import Passage
from moderation.domain.verdict import LABELS, Label


class Voice(StrEnum):
    """Who says so; earlier ones are believed before later ones."""

    SECOND_LOOK = "second_look"
    MODERATOR = "moderator"
    SITE = "site"
    FILE = "file"


RANK = {voice: at for at, voice in enumerate(Voice)}
"""A voice's rank; the lowest is believed first."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A comment, and what somebody says of it.

    ``comment`` is the same for all statements about one comment, ``place`` orders what one
    source says at one time. ``harmful`` is ``None`` where the known labels do not tell. ``at`` is
    when the comment came, ``said_at`` when this was said of it.
    """

    comment: str
    place: int
    voice: Voice
    passage: Passage
    known: Mapping[Label, bool]
    harmful: bool | None
    at: datetime | None
    said_at: datetime | None
    source: str
    language: str = ""

    @property
    def section(self) -> str:
        """The article's section, empty if unknown."""
        return self.passage.article.section if self.passage.article else ""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row nothing can be learnt from, and why; ``line`` 0 stands for the whole file."""

    file: str
    line: int
    reason: str


def known_from(decision: Decision, labels: Sequence[Label]) -> dict[Label, bool]:
    """Return what a decision says of every label.

    Who publishes a comment says that no label holds; who rejects it names why, not all that
    holds, so the other labels stay unknown.
    """
    if decision is Decision.APPROVE:
        return dict.fromkeys(LABELS, False)
    return dict.fromkeys(labels, True)


def harm_of(known: Mapping[Label, bool]) -> bool | None:
    """Tell whether a comment is harmful, or ``None`` if its known labels leave that open."""
    if any(known.values()):
        return True
    return False if len(known) == len(LABELS) else None


def as_comment_id(given: str) -> UUID | None:
    """Return the id this service gave a comment, if that is what a text holds."""
    try:
        pk = UUID(given)
    except ValueError:
        return None
    return pk if str(pk) == given.lower() else None
