"""Complaints, takedown orders and appeals, and the clocks they run on."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_COMPLAINT = 5_000

# Without letters and digits that are mistaken for one another on the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class ComplaintKind(StrEnum):
    """What somebody asks for."""

    COMPLAINT = "complaint"
    TAKEDOWN = "takedown"
    APPEAL = "appeal"


class Resolution(StrEnum):
    """How it ended: the comment was taken down, put back, or left as it was."""

    REMOVED = "removed"
    RESTORED = "restored"
    KEPT = "kept"


# A reader's complaint: 2 x 24 hours (Dewan Pers, Pedoman Pemberitaan Media Siber). An order to
# take down: 24 hours, urgent ones 4 (Permenkominfo 5/2020).
_CLOCKS = {
    (ComplaintKind.COMPLAINT, False): timedelta(hours=48),
    (ComplaintKind.COMPLAINT, True): timedelta(hours=24),
    (ComplaintKind.APPEAL, False): timedelta(hours=48),
    (ComplaintKind.APPEAL, True): timedelta(hours=24),
    (ComplaintKind.TAKEDOWN, False): timedelta(hours=24),
    (ComplaintKind.TAKEDOWN, True): timedelta(hours=4),
}


def due_at(kind: ComplaintKind, received_at: datetime, *, urgent: bool) -> datetime:
    """Return until when it must be resolved."""
    return received_at + _CLOCKS[kind, urgent]


def new_ticket(received_at: datetime) -> str:
    """Return a number to give out: it tells the day, and nothing about how many there are."""
    tail = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"MB-{received_at:%y%m%d}-{tail[:4]}-{tail[4:]}"
