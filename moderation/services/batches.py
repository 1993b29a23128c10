"""Decide every waiting comment of a stretch of scores at once, and take all of it back."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.decision import Decision, Ruling, Source, grace_for
from moderation.errors import InvalidError, NotFoundError, StaleItemError
from moderation.services.queueing import wait_again
from moderation.services.review import record_ruling, take_back
from moderation.storage import audit, batches, queue, strip
from moderation.storage.batches import Batch
from moderation.storage.identity import new_id
from moderation.storage.strip import Dot, Stretch

MOST_AT_ONCE = 500
UNDO = "batch.undo"


@dataclass(frozen=True, slots=True)
class Selection:
    """What a batch would decide of all that lies ``inside`` the stretch."""

    dots: tuple[Dot, ...]
    inside: tuple[Dot, ...]
    more: bool

    @property
    def left_out(self) -> int:
        """Return how many of the stretch the batch does not touch."""
        return len(self.inside) - len(self.dots)

    @property
    def digest(self) -> str:
        """Return what changes when any of the comments, or its state, is another."""
        named = sorted(f"{dot.item_id}:{dot.version}" for dot in self.dots)
        return hashlib.sha256("\n".join(named).encode()).hexdigest()


def select(
    tx: sa.Connection,
    stretch: Stretch,
    decision: Decision,
    *,
    moderator: str,
    now: datetime,
    for_update: bool = False,
) -> Selection:
    """Return what a decision on a stretch would take in.

    A low score of one label says nothing of another: what was marked for other labels too is
    never published by a batch, and what was not marked for this one is never rejected for it.
    """
    dots = strip.list_dots(
        tx,
        stretch,
        moderator=moderator,
        now=now,
        limit=MOST_AT_ONCE + 1,
        for_update=for_update,
    )
    inside = tuple(dots[:MOST_AT_ONCE])
    chosen = tuple(
        dot for dot in inside if dot.marked and not (decision is Decision.APPROVE and dot.others)
    )
    return Selection(chosen, inside, len(dots) > MOST_AT_ONCE)


def decide_all(
    tx: sa.Connection,
    stretch: Stretch,
    decision: Decision,
    *,
    seen: str,
    moderator: str,
    now: datetime,
    undo: timedelta = timedelta(),
) -> Batch:
    """Decide exactly the comments that were confirmed, under one audit row.

    Raises:
        InvalidError: there is nothing to decide.
        StaleItemError: the comments are no longer those whose digest was ``seen``.
    """
    chosen = select(tx, stretch, decision, moderator=moderator, now=now, for_update=True)
    if chosen.digest != seen:
        raise StaleItemError("the waiting comments changed since they were counted")
    if not chosen.dots:
        raise InvalidError("holds no comment", "/range")
    grace = grace_for(Source.CONSOLE, undo)
    made = [_decide_one(tx, dot, stretch, decision, moderator, now, grace) for dot in chosen.dots]
    batch = Batch(
        id=new_id(now),
        made_by=moderator,
        made_at=now,
        decision=decision,
        label=stretch.label,
        low=stretch.low,
        high=stretch.high,
        size=len(made),
    )
    batches.add(tx, batch, made)
    _record(tx, batch, f"batch.{decision}", moderator, now, _only_site(chosen.dots))
    return batch


def undo(tx: sa.Connection, batch_id: UUID, *, moderator: str, now: datetime) -> tuple[Batch, int]:
    """Let a batch's comments wait again; return the batch and how many do.

    What somebody decided anew or the reader edited meanwhile stays as it is.

    Raises:
        NotFoundError: there is no such batch.
        StaleItemError: it was undone before.
    """
    batch = batches.find(tx, batch_id, for_update=True)
    if batch is None:
        raise NotFoundError(f"no batch has the id {batch_id}")
    if batch.undone_at is not None:
        raise StaleItemError(f"{batch.undone_by} undid this batch before")
    standing = batches.list_standing(tx, batch_id)
    for comment_pk in standing:
        take_back(tx, comment_pk, now=now)
    reopened = sum(wait_again(tx, comment_pk, now=now) is not None for comment_pk in standing)
    batches.mark_undone(tx, batch_id, by=moderator, now=now)
    _record(tx, batch, UNDO, moderator, now, None, reopened=reopened)
    return batch, reopened


def _decide_one(
    tx: sa.Connection,
    dot: Dot,
    stretch: Stretch,
    decision: Decision,
    moderator: str,
    now: datetime,
    grace: timedelta,
) -> UUID:
    item = queue.find(tx, dot.item_id)
    closed = item and queue.change(
        tx, item, closed_at=now, holder=None, lease_until=None, version=item.version + 1
    )
    if closed is None:
        raise StaleItemError("somebody else changed a comment of this batch at the same moment")
    labels = (stretch.label,) if decision is Decision.REJECT else ()
    ruling = Ruling(decision, labels, "", moderator, Source.CONSOLE, now, grace)
    return record_ruling(tx, dot.comment_pk, dot.site_id, ruling, audited=False)


def _only_site(dots: Sequence[Dot]) -> int | None:
    """Return the site if all comments are of one; an audit row names at most one."""
    sites = {dot.site_id for dot in dots}
    return sites.pop() if len(sites) == 1 else None


def _record(
    tx: sa.Connection,
    batch: Batch,
    act: str,
    actor: str,
    now: datetime,
    site_id: int | None,
    **detail: int,
) -> None:
    audit.record(
        tx,
        at=now,
        actor=actor,
        act=act,
        subject=str(batch.id),
        site_id=site_id,
        detail={
            "size": batch.size,
            "label": batch.label.value,
            "low": batch.low,
            "high": batch.high,
            **detail,
        },
    )
