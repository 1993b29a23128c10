"""What moderators hold at the moment, and what they skipped."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from moderation.storage.queue import QueueItem, from_row
from moderation.storage.schema import queue_items
from moderation.storage.shift_schema import queue_skips


def list_held(tx: sa.Connection, moderator: str, *, now: datetime) -> list[QueueItem]:
    """Return what a moderator holds, the worst first."""
    statement = (
        sa.select(queue_items)
        .where(*_held_by(moderator, now))
        .order_by(queue_items.c.priority.desc(), queue_items.c.id)
    )
    return [from_row(row) for row in tx.execute(statement)]


def renew_held(
    tx: sa.Connection, moderator: str, *, lease_until: datetime, now: datetime
) -> list[UUID]:
    """Extend every lease of a moderator that still runs; return the items by id."""
    return list(
        tx.execute(
            sa.update(queue_items)
            .where(*_held_by(moderator, now))
            .values(lease_until=lease_until)
            .returning(queue_items.c.id)
        ).scalars()
    )


def count_held(tx: sa.Connection, *, now: datetime) -> dict[str, int]:
    """Return how many waiting comments each moderator holds."""
    rows = tx.execute(
        sa.select(queue_items.c.holder, sa.func.count().label("number"))
        .where(
            queue_items.c.closed_at.is_(None),
            queue_items.c.holder.is_not(None),
            queue_items.c.lease_until > now,
        )
        .group_by(queue_items.c.holder)
        .order_by(queue_items.c.holder)
    )
    return {row.holder: row.number for row in rows}


def add_skip(tx: sa.Connection, item_id: UUID, moderator: str, *, now: datetime) -> None:
    """Remember that a moderator skipped an item, the last time if more than once."""
    mine = sa.and_(queue_skips.c.item_id == item_id, queue_skips.c.moderator == moderator)
    tx.execute(sa.delete(queue_skips).where(mine))
    tx.execute(
        sa.insert(queue_skips),
        {"item_id": item_id, "moderator": moderator, "skipped_at": now},
    )


def find_skipped(tx: sa.Connection, moderator: str, item_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these items a moderator has skipped."""
    statement = sa.select(queue_skips.c.item_id).where(
        queue_skips.c.moderator == moderator, queue_skips.c.item_id.in_(list(item_ids))
    )
    return set(tx.execute(statement).scalars())


def list_alike(tx: sa.Connection, item: QueueItem, *, limit: int) -> list[QueueItem]:
    """Return other waiting comments of the site that read alike, the oldest first."""
    if not item.likeness:
        return []
    statement = (
        sa.select(queue_items)
        .where(
            queue_items.c.closed_at.is_(None),
            queue_items.c.site_id == item.site_id,
            queue_items.c.likeness == item.likeness,
            queue_items.c.id != item.id,
        )
        .order_by(queue_items.c.id)
        .limit(limit)
    )
    return [from_row(row) for row in tx.execute(statement)]


def _held_by(moderator: str, now: datetime) -> list[sa.ColumnElement[bool]]:
    return [
        queue_items.c.closed_at.is_(None),
        queue_items.c.holder == moderator,
        queue_items.c.lease_until > now,
    ]
