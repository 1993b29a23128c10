"""What one moderator holds during a shift: the list, its leases, and what they leave to others."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.queue import holds
from moderation.errors import NotFoundError, StaleItemError
from moderation.services import review
from moderation.services.records import Record, complete_items
from moderation.services.review import Hold
from moderation.storage import queue, shift


def list_held(tx: sa.Connection, moderator: str, *, now: datetime) -> list[Record]:
    """Return what a moderator holds, the worst first."""
    return complete_items(tx, shift.list_held(tx, moderator, now=now))


def renew_held(tx: sa.Connection, moderator: str, *, lease: timedelta, now: datetime) -> list[UUID]:
    """Extend every lease of a moderator that still runs; versions stay, so drafts stay good."""
    return shift.renew_held(tx, moderator, lease_until=now + lease, now=now)


def skip(
    tx: sa.Connection, item_id: UUID, *, version: int | None, moderator: str, now: datetime
) -> None:
    """Leave a comment to others; it comes back to this moderator only after all others.

    Raises:
        StaleItemError: it is decided, somebody else holds it, or it is held at another version.
    """
    item = queue.find(tx, item_id, for_update=True)
    if item is None:
        raise NotFoundError(f"no queue item has the id {item_id}")
    if item.closed_at is not None:
        raise StaleItemError("this comment no longer waits for a decision")
    if holds(item.holder, item.lease_until, now=now):
        review.release(tx, item_id, Hold(version, moderator), site_id=None, now=now)
    shift.add_skip(tx, item_id, moderator, now=now)
