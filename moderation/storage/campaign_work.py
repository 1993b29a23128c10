"""What remains to be done to the members of campaigns, and how far it has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.decision import Decision, Source
from moderation.domain.verdict import Label
from moderation.storage.rule_schema import campaign_work
from moderation.storage.schema import comments


@dataclass(frozen=True, slots=True)
class Member:
    """A comment of a campaign."""

    pk: UUID
    site_id: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """A decision to be given to a campaign's members, or to be ``taken_back`` from them.

    ``since`` is when the campaign was decided; ``after`` the last member looked at.
    """

    campaign_id: UUID
    site_id: int
    decision: Decision
    taken_back: bool
    labels: tuple[Label, ...]
    source: Source
    begun_by: str
    begun_at: datetime
    since: datetime
    after_at: datetime | None = None
    after_id: UUID | None = None
    done: int = 0


def begin(tx: sa.Connection, work: Work) -> None:
    """Store work; it takes the place of what remained of earlier work on the campaign."""
    tx.execute(
        sa.delete(campaign_work).where(campaign_work.c.campaign_id == work.campaign_id),
    )
    tx.execute(
        sa.insert(campaign_work),
        {
            "campaign_id": work.campaign_id,
            "site_id": work.site_id,
            "decision": work.decision.value,
            "taken_back": work.taken_back,
            "labels": [label.value for label in work.labels],
            "source": work.source.value,
            "begun_by": work.begun_by,
            "begun_at": work.begun_at,
            "since": work.since,
            "done": 0,
        },
    )


def move(tx: sa.Connection, work: Work, last: Member, *, done: int) -> None:
    """Note how far the work has come."""
    tx.execute(
        sa.update(campaign_work)
        .where(campaign_work.c.campaign_id == work.campaign_id)
        .values(after_at=last.received_at, after_id=last.pk, done=done)
    )


def end(tx: sa.Connection, work: Work) -> None:
    """Note that nothing remains to be done."""
    tx.execute(sa.delete(campaign_work).where(campaign_work.c.campaign_id == work.campaign_id))


def take_next(tx: sa.Connection) -> Work | None:
    """Return the oldest work that nobody else does, held until the transaction ends."""
    row = tx.execute(
        sa.select(campaign_work)
        .order_by(campaign_work.c.begun_at, campaign_work.c.campaign_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    return None if row is None else _from_row(row)


def find_all(tx: sa.Connection, campaign_ids: Iterable[UUID]) -> dict[UUID, Work]:
    """Return what remains to be done, by campaign."""
    rows = tx.execute(
        sa.select(campaign_work).where(campaign_work.c.campaign_id.in_(list(campaign_ids)))
    )
    return {row.campaign_id: _from_row(row) for row in rows}


def list_members(tx: sa.Connection, work: Work, *, limit: int) -> list[Member]:
    """Return the next members whose standing the work may have to change, the earliest first."""
    stands = comments.c.standing == work.decision.value
    where = [comments.c.campaign_id == work.campaign_id, stands if work.taken_back else ~stands]
    if work.after_at is not None:
        where.append(comments.c.received_at >= work.after_at)
        where.append(
            sa.tuple_(comments.c.received_at, comments.c.id)
            > sa.tuple_(
                sa.literal(work.after_at, comments.c.received_at.type),
                sa.literal(work.after_id, comments.c.id.type),
            )
        )
    statement = (
        sa.select(comments.c.id, comments.c.site_id, comments.c.received_at)
        .where(*where)
        .order_by(comments.c.received_at, comments.c.id)
        .limit(limit)
    )
    return [Member(row.id, row.site_id, row.received_at) for row in tx.execute(statement)]


def _from_row(row: Any) -> Work:
    return Work(
        campaign_id=row.campaign_id,
        site_id=row.site_id,
        decision=Decision(row.decision),
        taken_back=row.taken_back,
        labels=tuple(Label(name) for name in row.labels),
        source=Source(row.source),
        begun_by=row.begun_by,
        begun_at=row.begun_at,
        since=row.since,
        after_at=row.after_at,
        after_id=row.after_id,
        done=row.done,
    )
