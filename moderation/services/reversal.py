"""A decision taken back within its grace, or replaced by somebody who has seen it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.decision import Decision, Ruling, Source, grace_for
from moderation.domain.verdict import Label
from moderation.errors import InvalidError, NotFoundError, StaleItemError
from moderation.services.queueing import wait_again
from moderation.services.records import Record, complete_items
from moderation.services.review import record_ruling, take_back
from moderation.storage import audit, decisions, queue
from moderation.storage.queue import QueueItem


def undo(
    tx: sa.Connection,
    item_id: UUID,
    *,
    version: int,
    moderator: str,
    lease: timedelta,
    now: datetime,
) -> Record:
    """Take one's own decision back; the comment waits again, held by the same person.

    A comment that was edited meanwhile does not wait again: its newer revision does.

    Raises:
        StaleItemError: it is effective already, somebody else's, or replaced by another.
    """
    item, ruling = _find_decided(tx, item_id, version)
    if ruling.decided_by != moderator or ruling.source is not Source.CONSOLE:
        raise StaleItemError("only the one who decided at the console can take it back")
    if not ruling.is_undoable(now):
        raise StaleItemError("the decision is effective; it can no longer be taken back")
    take_back(tx, item.comment_pk, now=now)
    audit.record(
        tx,
        at=now,
        actor=moderator,
        act="comment.undo",
        subject=str(item.comment_pk),
        site_id=item.site_id,
        detail={
            "undone": ruling.decision.value,
            "labels": [label.value for label in ruling.labels],
            "decided_at": ruling.decided_at.isoformat(),
        },
    )
    return complete_items(tx, [_reopen(tx, item, moderator, now, lease)])[0]


def overrule(
    tx: sa.Connection,
    item_id: UUID,
    *,
    version: int,
    moderator: str,
    decision: Decision,
    labels: Sequence[Label],
    note: str,
    now: datetime,
    undo: timedelta,
) -> Record:
    """Replace a decision that was seen at ``version`` with one's own; the later one counts.

    Raises:
        InvalidError: a rejection without a label.
        StaleItemError: it has changed since it was seen.
    """
    if decision is Decision.REJECT and not labels:
        raise InvalidError("a rejection needs at least one label", "/labels")
    item, _ = _find_decided(tx, item_id, version)
    ruling = Ruling(
        decision,
        tuple(labels),
        note,
        moderator,
        Source.CONSOLE,
        now,
        grace_for(Source.CONSOLE, undo),
    )
    changed = queue.change(tx, item, closed_at=now, version=item.version + 1)
    if changed is None:
        raise StaleItemError("somebody else changed this comment at the same moment")
    record_ruling(tx, item.comment_pk, item.site_id, ruling)
    return complete_items(tx, [changed])[0]


def _find_decided(tx: sa.Connection, item_id: UUID, version: int) -> tuple[QueueItem, Ruling]:
    item = queue.find(tx, item_id, for_update=True)
    if item is None:
        raise NotFoundError(f"no queue item has the id {item_id}")
    ruling = decisions.find_latest(tx, [item.comment_pk]).get(item.comment_pk)
    if item.closed_at is None or ruling is None or item.version != version:
        raise StaleItemError("the comment has changed since this decision was seen")
    return item, ruling


def _reopen(
    tx: sa.Connection, item: QueueItem, moderator: str, now: datetime, lease: timedelta
) -> QueueItem:
    """Let an item wait again, unless an earlier decision or a newer revision stands."""
    earlier = decisions.find_latest(tx, [item.comment_pk])
    reopened = (
        None
        if earlier
        else wait_again(tx, item.comment_pk, now=now, holder=moderator, lease_until=now + lease)
    ) or queue.change(tx, item, version=item.version + 1)
    if reopened is None:
        raise StaleItemError("somebody else changed this comment at the same moment")
    return reopened
