"""Decisions made on many comments at once, kept together so that they can be undone together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.decision import Decision
from moderation.domain.verdict import Label
from moderation.storage.desk_schema import batch_decisions, batches
from moderation.storage.schema import decisions


@dataclass(frozen=True, slots=True)
class Batch:
    """One act on all comments of a stretch."""

    id: UUID
    made_by: str
    made_at: datetime
    decision: Decision
    label: Label
    low: float
    high: float
    size: int
    undone_by: str | None = None
    undone_at: datetime | None = None


def add(tx: sa.Connection, batch: Batch, decision_ids: Iterable[UUID]) -> None:
    """Store a batch with the decisions it made."""
    tx.execute(
        sa.insert(batches),
        {
            "id": batch.id,
            "made_by": batch.made_by,
            "made_at": batch.made_at,
            "decision": batch.decision.value,
            "label": batch.label.value,
            "low": batch.low,
            "high": batch.high,
            "size": batch.size,
        },
    )
    tx.execute(
        sa.insert(batch_decisions),
        [{"decision_id": one, "batch_id": batch.id} for one in decision_ids],
    )


def find(tx: sa.Connection, batch_id: UUID, *, for_update: bool = False) -> Batch | None:
    """Return a batch by id."""
    statement = sa.select(batches).where(batches.c.id == batch_id)
    if for_update:
        statement = statement.with_for_update()
    row = tx.execute(statement).one_or_none()
    return None if row is None else _from_row(row)


def list_latest(tx: sa.Connection, *, made_by: str | None, limit: int) -> list[Batch]:
    """Return the latest batches, one person's or everybody's."""
    statement = sa.select(batches).order_by(batches.c.id.desc()).limit(limit)
    if made_by is not None:
        statement = statement.where(batches.c.made_by == made_by)
    return [_from_row(row) for row in tx.execute(statement)]


def list_standing(tx: sa.Connection, batch_id: UUID) -> list[UUID]:
    """Return the comments on which a batch's decision is still the last word."""
    later = decisions.alias("later")
    statement = (
        sa.select(decisions.c.comment_pk)
        .join(batch_decisions, batch_decisions.c.decision_id == decisions.c.id)
        .where(
            batch_decisions.c.batch_id == batch_id,
            decisions.c.undone_at.is_(None),
            ~sa.exists().where(
                later.c.comment_pk == decisions.c.comment_pk,
                later.c.seq > decisions.c.seq,
                later.c.undone_at.is_(None),
            ),
        )
        .order_by(decisions.c.seq)
    )
    return list(tx.execute(statement).scalars())


def mark_undone(tx: sa.Connection, batch_id: UUID, *, by: str, now: datetime) -> None:
    """Remember who undid a batch, and when."""
    tx.execute(
        sa.update(batches).where(batches.c.id == batch_id).values(undone_by=by, undone_at=now)
    )


def _from_row(row: Any) -> Batch:
    return Batch(
        id=row.id,
        made_by=row.made_by,
        made_at=row.made_at,
        decision=Decision(row.decision),
        label=Label(row.label),
        low=row.low,
        high=row.high,
        size=row.size,
        undone_by=row.undone_by,
        undone_at=row.undone_at,
    )
