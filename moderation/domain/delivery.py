"""What is announced to a site over webhooks, and what each answer of the site leads to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Standard Webhooks 1.0.0, "Deliverability and reliability": the wait before each attempt.
WAITS = (
    timedelta(),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
LONGEST_RETRY_AFTER = timedelta(hours=24)
_JITTER = 0.2
_GONE = 410


class Event(StrEnum):
    """What can be announced."""

    COMMENT_QUEUED = "comment.queued"
    COMMENT_DECIDED = "comment.decided"
    COMMENT_REVERSED = "comment.reversed"
    COMPLAINT_RESOLVED = "complaint.resolved"
    ENDPOINT_DISABLED = "endpoint.disabled"
    # A decision for a site that speaks Akismet, in that protocol's own form.
    AKISMET_DECIDED = "akismet.decided"


SUBSCRIBABLE = tuple(event for event in Event if event is not Event.AKISMET_DECIDED)
"""What a site may ask to be told of; an Akismet client asks with every check by itself."""


class State(StrEnum):
    """How far an announcement to one endpoint has come; only ``PENDING`` ones are sent."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an attempt gave: an HTTP status, or why there was none."""

    status: int | None
    error: str = ""
    retry_after: timedelta | None = None

    def __str__(self) -> str:
        return str(self.status) if self.status is not None else self.error


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from an attempt; ``disables`` tells why the endpoint gets nothing more."""

    state: State
    next_at: datetime | None = None
    disables: str = ""


def judge(answer: Answer, *, attempts: int, now: datetime, jitter: float) -> Outcome:
    """Say what follows from the ``attempts``-th attempt; ``jitter`` is random, 0 to 1.

    Only 2xx is success: a redirect may lead anywhere, so it is a failure like any other.
    """
    if answer.status is not None and 200 <= answer.status < 300:
        return Outcome(State.DELIVERED)
    if answer.status == _GONE:
        return Outcome(State.FAILED, disables="the endpoint answered 410 Gone")
    if attempts >= len(WAITS):
        return Outcome(State.FAILED, disables=f"{attempts} attempts failed, the last: {answer}")
    wait = WAITS[attempts] * (1 + _JITTER * jitter)
    if answer.retry_after is not None:
        wait = max(wait, min(answer.retry_after, LONGEST_RETRY_AFTER))
    return Outcome(State.PENDING, next_at=now + wait)
