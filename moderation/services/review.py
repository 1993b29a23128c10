"""People work the queue: claim, renew, release, decide; and sites report what they decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.decision import Decision, Ruling, Source, grace_for
from moderation.domain.queue import LONGEST_LEASE, MOST_CLAIMED, SHORTEST_LEASE, holds
from moderation.domain.verdict import Label
from moderation.errors import InvalidError, NotFoundError, StaleItemError
from moderation.metrics import count_decision
from moderation.services import outbox, second_look
from moderation.services.records import Record, complete, complete_items, find_record
from moderation.storage import audit, decisions, queue
from moderation.storage.queue import Filter, QueueItem


@dataclass(frozen=True, slots=True)
class Hold:
    """What a caller believes of an item: the version seen, and who holds it.

    Either may be unknown (``None``); what is given must be true, or nothing happens.
    """

    version: int | None = None
    moderator: str | None = None


def claim(
    tx: sa.Connection,
    which: Filter,
    *,
    moderator: str,
    count: int,
    lease: timedelta,
    now: datetime,
    skipped: bool = True,
) -> list[Record]:
    """Give the worst waiting comments to a moderator, none that somebody else holds.

    What the moderator skipped comes back only when nothing else is free, and not at all if
    ``skipped`` is false.
    """
    if not 1 <= count <= MOST_CLAIMED:
        raise InvalidError(f"must be between 1 and {MOST_CLAIMED}", "/count")
    take = partial(queue.claim, tx, which, moderator=moderator, now=now, lease=_checked(lease))
    items = take(count=count, skipped=False)
    if skipped and len(items) < count:
        items += take(count=count - len(items))
    return complete_items(tx, items)


def claim_one(
    tx: sa.Connection, item_id: UUID, *, moderator: str, lease: timedelta, now: datetime
) -> Record:
    """Give one chosen comment to a moderator, who may hold it already.

    Raises:
        StaleItemError: it is decided, or somebody else holds it.
    """
    item = _find_item(tx, item_id, site_id=None)
    if item.closed_at is None and holds(item.holder, item.lease_until, now=now):
        if item.holder != moderator:
            raise StaleItemError(f"{item.holder} holds this comment until {item.lease_until}")
        held = queue.change(tx, item, lease_until=now + _checked(lease))
    elif item.closed_at is None:
        held = queue.change(
            tx,
            item,
            holder=moderator,
            lease_until=now + _checked(lease),
            version=item.version + 1,
        )
    else:
        raise StaleItemError("this comment no longer waits for a decision")
    return complete_items(tx, [_written(held)])[0]


def renew(
    tx: sa.Connection,
    item_id: UUID,
    hold: Hold,
    *,
    site_id: int | None,
    lease: timedelta,
    now: datetime,
) -> Record:
    """Extend a lease that still runs; the version stays, so a waiting draft stays good."""
    item = _find_held(tx, item_id, hold, site_id=site_id, now=now)
    renewed = queue.change(tx, item, lease_until=now + _checked(lease))
    return complete_items(tx, [_written(renewed)])[0]


def release(
    tx: sa.Connection, item_id: UUID, hold: Hold, *, site_id: int | None, now: datetime
) -> Record:
    """Give an item back to the queue."""
    item = _find_held(tx, item_id, hold, site_id=site_id, now=now)
    released = queue.change(tx, item, holder=None, lease_until=None, version=item.version + 1)
    return complete_items(tx, [_written(released)])[0]


def decide(
    tx: sa.Connection,
    item_id: UUID,
    hold: Hold,
    *,
    site_id: int | None,
    decision: Decision,
    labels: Sequence[Label],
    note: str,
    source: Source,
    now: datetime,
    undo: timedelta = timedelta(),
) -> Record:
    """Take a person's decision on an item they hold, and close it.

    At the console it can be taken back for ``undo`` (see ``reversal.undo``), and no site hears
    of it before.

    Raises:
        InvalidError: a rejection without a label; the reader and the model need the reason.
        StaleItemError: the lease was lost, or the item changed since ``hold.version``.
    """
    if decision is Decision.REJECT and not labels:
        raise InvalidError("a rejection needs at least one label", "/labels")
    item = _find_held(tx, item_id, hold, site_id=site_id, now=now)
    ruling = Ruling(
        decision, tuple(labels), note, str(item.holder), source, now, grace_for(source, undo)
    )
    closed = queue.change(
        tx, item, closed_at=now, holder=None, lease_until=None, version=item.version + 1
    )
    record_ruling(tx, _written(closed).comment_pk, item.site_id, ruling)
    return complete_items(tx, [_written(closed)])[0]


def take_feedback(
    tx: sa.Connection,
    site_id: int,
    comment_pk: UUID,
    *,
    decision: Decision,
    labels: Sequence[Label],
    reporter: str,
    now: datetime,
    note: str = "",
    source: Source = Source.SITE,
) -> Record:
    """Take a decision made away from the queue; the comment then no longer waits here."""
    comment = find_record(tx, site_id, comment_pk).comment
    item = queue.find_by_comment(tx, comment_pk, for_update=True)
    if item is not None:
        # Also a closed item changes: whoever has seen it before has not seen this decision.
        _written(
            queue.change(
                tx,
                item,
                closed_at=item.closed_at or now,
                holder=None,
                lease_until=None,
                version=item.version + 1,
            )
        )
    ruling = Ruling(decision, tuple(labels), note, reporter, source, now)
    record_ruling(tx, comment_pk, site_id, ruling)
    return complete(tx, comment)


def find_item(tx: sa.Connection, item_id: UUID, *, site_id: int | None) -> Record:
    """Return an item with its comment; ``site_id`` of ``None`` means any site.

    Raises:
        NotFoundError: there is none, or it belongs to another site.
    """
    return complete_items(tx, [_find_item(tx, item_id, site_id=site_id, for_update=False)])[0]


def record_ruling(
    tx: sa.Connection, comment_pk: UUID, site_id: int, ruling: Ruling, *, audited: bool = True
) -> UUID:
    """Store a decision, its announcement and its audit row, and return its id.

    Nobody outside hears of it before it is effective. ``audited`` is false where one row tells
    of many decisions at once.
    """
    decision_id = decisions.add(tx, site_id, comment_pk, ruling)
    outbox.announce_decided(tx, site_id, comment_pk, decision_id, ruling)
    count_decision(ruling.decision.value, ruling.source.value, ruling.labels)
    if ruling.source is Source.CONSOLE:
        second_look.draw(tx, site_id, decision_id, now=ruling.decided_at)
    if audited:
        audit.record(
            tx,
            at=ruling.decided_at,
            actor=ruling.decided_by,
            act=f"comment.{ruling.decision}",
            subject=str(comment_pk),
            site_id=site_id,
            # Without the note: it may quote the comment, and stays where it can be erased.
            detail={
                "labels": [label.value for label in ruling.labels],
                "source": ruling.source.value,
            },
        )
    return decision_id


def take_back(tx: sa.Connection, comment_pk: UUID, *, now: datetime) -> None:
    """Undo a comment's last decision; whoever heard of it hears of that, too."""
    undone = decisions.undo_latest(tx, comment_pk, now=now)
    if undone is not None:
        decision_id, site_id = undone
        outbox.cancel(tx, site_id, comment_pk, decision_id, now=now)


def _find_item(
    tx: sa.Connection, item_id: UUID, *, site_id: int | None, for_update: bool = True
) -> QueueItem:
    item = queue.find(tx, item_id, for_update=for_update)
    if item is None or site_id not in {None, item.site_id}:
        raise NotFoundError(f"no queue item has the id {item_id}")
    return item


def _find_held(
    tx: sa.Connection, item_id: UUID, hold: Hold, *, site_id: int | None, now: datetime
) -> QueueItem:
    item = _find_item(tx, item_id, site_id=site_id)
    if item.closed_at is not None:
        raise StaleItemError("this comment no longer waits for a decision")
    if not holds(item.holder, item.lease_until, now=now):
        raise StaleItemError("nobody holds this comment now; claim it first")
    if hold.moderator is not None and hold.moderator != item.holder:
        raise StaleItemError(f"{item.holder} holds this comment until {item.lease_until}")
    if hold.version is not None and hold.version != item.version:
        raise StaleItemError(f"the comment is at version {item.version}, not {hold.version}")
    return item


def _written(item: QueueItem | None) -> QueueItem:
    if item is None:
        raise StaleItemError("somebody else changed this comment at the same moment")
    return item


def _checked(lease: timedelta) -> timedelta:
    if not SHORTEST_LEASE <= lease <= LONGEST_LEASE:
        raise InvalidError(
            f"must be between {SHORTEST_LEASE.seconds} and {LONGEST_LEASE.seconds} seconds",
            "/lease_s",
        )
    return lease
