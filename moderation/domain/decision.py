"""A person's final answer to one comment, which outranks any verdict."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from moderation.domain.verdict import Label

LONGEST_NOTE = 2_000

TRAVEL = timedelta(seconds=1)
"""An undo clicked in the last moment still counts when it arrives this much later."""

SETTLING = timedelta(seconds=1)
"""How long an undo accepted in the last moment may take to be committed."""


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
    grace: timedelta = timedelta()
    signed_as: str = ""

    @property
    def effective_at(self) -> datetime:
        """Return when the decision takes effect: no site may hear of it earlier."""
        return self.decided_at + self.grace

    def is_effective(self, now: datetime) -> bool:
        """Say whether the decision can no longer be undone and sites may act on it."""
        return self.effective_at <= now

    def is_undoable(self, now: datetime) -> bool:
        """Say whether the one who decided may still take it back."""
        return now < self.effective_at - SETTLING


def grace_for(source: Source, undo: timedelta) -> timedelta:
    """Return how long a decision waits before it takes effect.

    Only people at the console can undo, within ``undo``; what a site or a client of the API
    reports is effective at once.
    """
    return undo + TRAVEL + SETTLING if source is Source.CONSOLE and undo else timedelta()
