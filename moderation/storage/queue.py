"""The queue of comments that wait for a person, and the leases on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.verdict import Label, SpamKind
from moderation.storage.filtering import Filter as Filter
from moderation.storage.filtering import conditions, not_skipped_by
from moderation.storage.prepared import Prepared
from moderation.storage.schema import comments, queue_items, sites
from moderation.storage.waiting_schema import MARKS, REACHES

MOST_COUNTED = 1_000
"""Nobody reads more than that; counting on costs a look at every waiting comment."""

_MOST_SECTIONS = 500


class Order(StrEnum):
    """How the queue is read: the worst first, or the longest waiting first."""

    PRIORITY = "priority"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A comment waiting for a person, or that waited once (``closed_at``).

    A ``spot_check`` is not held back: its verdict stands until a person says otherwise. ``floor``
    is the highest of ``FLOORS`` that one of its scores reaches.
    """

    id: UUID
    comment_pk: UUID
    site_id: int
    section: str
    labels: tuple[Label, ...]
    priority: float
    opened_at: datetime
    closed_at: datetime | None
    version: int
    holder: str | None
    lease_until: datetime | None
    likeness: str = ""
    spot_check: bool = False
    spam_kind: SpamKind | None = None
    floor: float = 0.0
    unknown_language: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the queue: the page after it starts behind this item."""

    priority: float
    id: UUID


_COLUMNS = (
    "id",
    "comment_pk",
    "site_id",
    "section",
    "labels",
    "priority",
    "opened_at",
    "version",
    "likeness",
    "spot_check",
    "spam_kind",
    "unknown_language",
    *(mark.name for mark in MARKS.values()),
    *(flag.name for flag in REACHES.values()),
)
_ADD = Prepared(
    lambda _dialect: sa.insert(queue_items).values({name: sa.bindparam(name) for name in _COLUMNS})
)


def add(tx: sa.Connection, item: QueueItem) -> None:
    """Put an item into the queue."""
    _ADD.run(
        tx,
        {
            "id": item.id,
            "comment_pk": item.comment_pk,
            "site_id": item.site_id,
            "section": item.section,
            "labels": [label.value for label in item.labels],
            "priority": item.priority,
            "opened_at": item.opened_at,
            "version": item.version,
            "likeness": item.likeness,
            "spot_check": item.spot_check,
            "spam_kind": item.spam_kind and item.spam_kind.value,
            "unknown_language": item.unknown_language,
            **{mark.name: label in item.labels for label, mark in MARKS.items()},
            **{flag.name: floor <= item.floor for floor, flag in REACHES.items()},
        },
    )


def find(tx: sa.Connection, item_id: UUID, *, for_update: bool = False) -> QueueItem | None:
    """Return an item; ``for_update`` holds its row until the transaction ends."""
    statement = sa.select(queue_items).where(queue_items.c.id == item_id)
    if for_update:
        statement = statement.with_for_update()
    row = tx.execute(statement).one_or_none()
    return None if row is None else from_row(row)


def find_by_comment(
    tx: sa.Connection, comment_pk: UUID, *, for_update: bool = False
) -> QueueItem | None:
    """Return the item a comment waits or waited as."""
    statement = sa.select(queue_items).where(queue_items.c.comment_pk == comment_pk)
    if for_update:
        statement = statement.with_for_update()
    row = tx.execute(statement).one_or_none()
    return None if row is None else from_row(row)


def find_by_comments(tx: sa.Connection, comment_pks: Sequence[UUID]) -> dict[UUID, QueueItem]:
    """Return the items these comments wait or waited as, by comment."""
    rows = tx.execute(sa.select(queue_items).where(queue_items.c.comment_pk.in_(comment_pks)))
    return {row.comment_pk: from_row(row) for row in rows}


def list_open(
    tx: sa.Connection,
    which: Filter,
    *,
    order: Order = Order.PRIORITY,
    after: Position | None = None,
    limit: int,
) -> list[QueueItem]:
    """Return a page of the waiting items, held ones among them, by keyset."""
    statement = _select_open(which, order).limit(limit)
    if after is not None:
        statement = statement.where(_behind(after, order))
    return [from_row(row) for row in tx.execute(statement)]


def count_open(tx: sa.Connection, which: Filter, *, most: int = MOST_COUNTED) -> int:
    """Return how many items wait, counting no further than ``most``."""
    one: Any = sa.literal_column("1")
    few = sa.select(one).select_from(queue_items).where(*conditions(which))
    statement = sa.select(sa.func.count()).select_from(few.limit(most).subquery())
    return int(tx.execute(statement).scalar_one())


def measure(tx: sa.Connection) -> list[tuple[str, int, datetime | None]]:
    """Return each site's name, how many comments wait, and since when the oldest does."""
    waiting = queue_items.c.closed_at.is_(None), queue_items.c.site_id == sites.c.id
    count = sa.select(sa.func.count()).select_from(queue_items).where(*waiting)
    # Ids sort by opening, so the first of them waits longest.
    since = sa.select(queue_items.c.opened_at).where(*waiting).order_by(queue_items.c.id).limit(1)
    rows = tx.execute(
        sa.select(
            sites.c.name,
            count.correlate(sites).scalar_subquery(),
            since.correlate(sites).scalar_subquery(),
        ).order_by(sites.c.name)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def list_sections(tx: sa.Connection) -> list[str]:
    """Return the sections of the site that waiting comments come from, by name.

    Each step jumps in the index to the next section, past all that wait in the one before.
    """
    waits = queue_items.c.closed_at.is_(None)
    first = sa.select(sa.func.min(queue_items.c.section).label("section")).where(
        waits, queue_items.c.section > ""
    )
    found = first.cte("found", recursive=True)
    following = (
        sa.select(sa.func.min(queue_items.c.section))
        .where(waits, queue_items.c.section > found.c.section)
        .correlate(found)
        .scalar_subquery()
    )
    found = found.union_all(sa.select(following).where(found.c.section.is_not(None)))
    statement = sa.select(found.c.section).where(found.c.section.is_not(None))
    return sorted(tx.execute(statement.limit(_MOST_SECTIONS)).scalars())


def claim(
    tx: sa.Connection,
    which: Filter,
    *,
    moderator: str,
    count: int,
    now: datetime,
    lease: timedelta,
    skipped: bool = True,
) -> list[QueueItem]:
    """Give the first unheld items to ``moderator``, the worst first; fewer if there are fewer.

    Two moderators never hold one item: PostgreSQL skips rows another transaction has locked,
    and SQLite lets only one writer in at a time. Items the moderator already holds stay held
    and do not count. With ``skipped`` false, what the moderator skipped is left out.
    """
    free = sa.or_(queue_items.c.lease_until.is_(None), queue_items.c.lease_until <= now)
    if not skipped:
        free = sa.and_(free, not_skipped_by(moderator))
    chosen = (
        _select_open(which, Order.PRIORITY)
        .with_only_columns(queue_items.c.id)
        .where(free)
        .limit(count)
        .with_for_update(skip_locked=True)
    )
    rows = tx.execute(
        sa.update(queue_items)
        .where(queue_items.c.id.in_(chosen))
        .values(holder=moderator, lease_until=now + lease, version=queue_items.c.version + 1)
        .returning(queue_items)
    )
    items = [from_row(row) for row in rows]
    return sorted(items, key=lambda item: (-item.priority, item.id))


def change(tx: sa.Connection, item: QueueItem, **values: Any) -> QueueItem | None:
    """Change an item if it is still at the version given; return it as it now is.

    ``None`` means that somebody else changed it first, and nothing was written.
    """
    row = tx.execute(
        sa.update(queue_items)
        .where(queue_items.c.id == item.id, queue_items.c.version == item.version)
        .values(**values)
        .returning(queue_items)
    ).one_or_none()
    return None if row is None else from_row(row)


def close_superseded(
    tx: sa.Connection, site_id: int, comment_id: str, *, before: int, now: datetime
) -> None:
    """Close the waiting items of a comment's revisions below ``before``."""
    earlier = sa.select(comments.c.id).where(
        comments.c.site_id == site_id,
        comments.c.comment_id == comment_id,
        comments.c.revision < before,
    )
    tx.execute(
        sa.update(queue_items)
        .where(queue_items.c.comment_pk.in_(earlier), queue_items.c.closed_at.is_(None))
        .values(closed_at=now, holder=None, lease_until=None, version=queue_items.c.version + 1)
    )


def _select_open(which: Filter, order: Order) -> Any:
    by = (
        (queue_items.c.priority.desc(), queue_items.c.id)
        if order is Order.PRIORITY
        else (queue_items.c.id,)
    )
    return sa.select(queue_items).where(*conditions(which)).order_by(*by)


def _behind(place: Position, order: Order) -> sa.ColumnElement[bool]:
    if order is Order.OLDEST:
        return queue_items.c.id > place.id
    return sa.and_(
        # Follows from the rest, and lets the index begin there instead of at the top.
        queue_items.c.priority <= place.priority,
        sa.or_(queue_items.c.priority < place.priority, queue_items.c.id > place.id),
    )


def from_row(row: Any) -> QueueItem:
    """Return the item that a row of ``queue_items`` holds."""
    return QueueItem(
        id=row.id,
        comment_pk=row.comment_pk,
        site_id=row.site_id,
        section=row.section,
        labels=tuple(Label(name) for name in row.labels),
        priority=row.priority,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        version=row.version,
        holder=row.holder,
        lease_until=row.lease_until,
        likeness=row.likeness,
        spot_check=row.spot_check,
        spam_kind=None if row.spam_kind is None else SpamKind(row.spam_kind),
        floor=max((floor for floor, flag in REACHES.items() if row._mapping[flag.name]), default=0),
        unknown_language=row.unknown_language,
    )
