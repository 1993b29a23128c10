"""A person's final answer to one comment, which outranks any verdict."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderation.domain.verdict import Label

LONGEST_NOTE = 2_000


class Decision(StrEnum):
    """What a person decided."""

    APPROVE = "approve"
    REJECT = "reject"


class Source(StrEnum):
    """Where a person decided: our console, a client of our queue, or the site's own tools."""

    CONSOLE = "console"
    API = "api"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision with the labels, the note and the name that go with it.

    ``signed_as`` is the name outsiders see where the person has a pseudonym.
    """

    decision: Decision
    labels: tuple[Label, ...]
    note: str
    decided_by: str
    source: Source
    decided_at: datetime
    signed_as: str = ""
