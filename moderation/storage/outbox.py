"""What waits to be sent to sites, in the order it happened, and every attempt to send it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.delivery import Answer, Event, Outcome, State
from moderation.storage.webhook_schema import (
    webhook_attempts,
    webhook_endpoints,
    webhook_outbox,
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one endpoint; ``attempts`` counts the one under way."""

    id: int
    event_id: UUID
    endpoint_id: int
    type: Event
    comment_id: str
    payload: str
    state: State
    attempts: int
    next_at: datetime
    lease_until: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LoggedAttempt:
    """An attempt as the log shows it."""

    at: datetime
    endpoint_id: int
    event_id: UUID
    type: Event
    comment_id: str
    state: State
    status: int | None
    error: str


def add(
    tx: sa.Connection,
    endpoint_ids: Collection[int],
    *,
    event_id: UUID,
    event: Event,
    payload: str,
    now: datetime,
    send_at: datetime,
    comment_id: str = "",
    decision_id: UUID | None = None,
) -> None:
    """Let an event wait to be sent to each of the endpoints, not before ``send_at``."""
    common = {
        "event_id": event_id,
        "type": event.value,
        "comment_id": comment_id,
        "decision_id": decision_id,
        "payload": payload,
        "state": State.PENDING.value,
        "next_at": send_at,
        "created_at": now,
    }
    tx.execute(sa.insert(webhook_outbox), [{**common, "endpoint_id": one} for one in endpoint_ids])


def claim(
    tx: sa.Connection,
    *,
    now: datetime,
    lease: timedelta,
    count: int,
    without: Collection[int] = (),
) -> list[Delivery]:
    """Take what is due, the longest due first, except for the endpoints in ``without``.

    A comment's event waits until the one before it is finished, so no two workers ever
    overtake each other. Who dies holding a delivery loses it when the lease is over.
    """
    earlier = webhook_outbox.alias("earlier")
    is_behind = sa.exists().where(
        earlier.c.endpoint_id == webhook_outbox.c.endpoint_id,
        earlier.c.comment_id == webhook_outbox.c.comment_id,
        earlier.c.id < webhook_outbox.c.id,
        earlier.c.finished_at.is_(None),
    )
    chosen = (
        sa.select(webhook_outbox.c.id)
        .join(webhook_endpoints, webhook_endpoints.c.id == webhook_outbox.c.endpoint_id)
        .where(
            webhook_outbox.c.finished_at.is_(None),
            webhook_outbox.c.next_at <= now,
            sa.or_(webhook_outbox.c.lease_until.is_(None), webhook_outbox.c.lease_until <= now),
            webhook_endpoints.c.disabled_at.is_(None),
            webhook_outbox.c.endpoint_id.not_in(list(without)),
            sa.or_(webhook_outbox.c.comment_id == "", ~is_behind),
        )
        .order_by(webhook_outbox.c.next_at, webhook_outbox.c.id)
        .limit(count)
        .with_for_update(skip_locked=True, of=webhook_outbox)
    )
    rows = tx.execute(
        sa.update(webhook_outbox)
        .where(webhook_outbox.c.id.in_(chosen))
        .values(lease_until=now + lease, attempts=webhook_outbox.c.attempts + 1)
        .returning(webhook_outbox)
    )
    return sorted(map(_from_row, rows), key=lambda delivery: delivery.id)


def finish(
    tx: sa.Connection, delivery: Delivery, answer: Answer, outcome: Outcome, *, now: datetime
) -> bool:
    """Log an attempt and what follows; return false if the lease was lost to another worker."""
    values: dict[str, Any] = {"state": outcome.state.value, "lease_until": None}
    if outcome.next_at is None:
        values["finished_at"] = now
    else:
        values["next_at"] = outcome.next_at
    held = (
        tx.execute(
            sa.update(webhook_outbox)
            .where(
                webhook_outbox.c.id == delivery.id,
                webhook_outbox.c.attempts == delivery.attempts,
                webhook_outbox.c.finished_at.is_(None),
            )
            .values(**values)
        ).rowcount
        == 1
    )
    if held:
        tx.execute(
            sa.insert(webhook_attempts),
            {
                "outbox_id": delivery.id,
                "at": now,
                "status": answer.status,
                "error": answer.error,
            },
        )
    return held


def cancel_unsent(tx: sa.Connection, decision_id: UUID, *, now: datetime) -> None:
    """Never send a decision's events to the endpoints where no attempt was begun."""
    tx.execute(
        sa.update(webhook_outbox)
        .where(
            webhook_outbox.c.decision_id == decision_id,
            webhook_outbox.c.attempts == 0,
            webhook_outbox.c.finished_at.is_(None),
        )
        .values(state=State.CANCELLED.value, finished_at=now)
    )


def list_told(tx: sa.Connection, decision_id: UUID) -> list[int]:
    """Return the endpoints a decision was sent to as an event, or may have been."""
    statement = (
        sa.select(webhook_outbox.c.endpoint_id)
        .where(
            webhook_outbox.c.decision_id == decision_id,
            webhook_outbox.c.type == Event.COMMENT_DECIDED.value,
            webhook_outbox.c.state != State.CANCELLED.value,
        )
        .order_by(webhook_outbox.c.id)
    )
    return list(tx.execute(statement).scalars())


def replay(tx: sa.Connection, endpoint_id: int, *, event_id: UUID | None, now: datetime) -> int:
    """Send again, from now on and from the first attempt; return how many wait then.

    Without an event it is everything not delivered; with one, that one even if it was.
    """
    statement = sa.update(webhook_outbox).where(
        webhook_outbox.c.endpoint_id == endpoint_id,
        webhook_outbox.c.state != State.CANCELLED.value,
    )
    if event_id is None:
        statement = statement.where(webhook_outbox.c.state != State.DELIVERED.value)
    else:
        statement = statement.where(webhook_outbox.c.event_id == event_id)
    return tx.execute(
        statement.values(
            state=State.PENDING.value,
            attempts=0,
            next_at=now,
            lease_until=None,
            finished_at=None,
        )
    ).rowcount


def count_by_state(tx: sa.Connection) -> dict[tuple[int, State], int]:
    """Return how many deliveries each endpoint has in each state."""
    o = webhook_outbox.c
    rows = tx.execute(
        sa.select(o.endpoint_id, o.state, sa.func.count()).group_by(o.endpoint_id, o.state)
    )
    return {(endpoint_id, State(state)): count for endpoint_id, state, count in rows}


def list_attempts(tx: sa.Connection, *, endpoint_id: int | None, limit: int) -> list[LoggedAttempt]:
    """Return the last attempts, the newest first."""
    statement = (
        sa.select(webhook_attempts, webhook_outbox)
        .join(webhook_outbox, webhook_outbox.c.id == webhook_attempts.c.outbox_id)
        .order_by(webhook_attempts.c.id.desc())
        .limit(limit)
    )
    if endpoint_id is not None:
        statement = statement.where(webhook_outbox.c.endpoint_id == endpoint_id)
    return [
        LoggedAttempt(
            at=row.at,
            endpoint_id=row.endpoint_id,
            event_id=row.event_id,
            type=Event(row.type),
            comment_id=row.comment_id,
            state=State(row.state),
            status=row.status,
            error=row.error,
        )
        for row in tx.execute(statement)
    ]


def _from_row(row: Any) -> Delivery:
    return Delivery(
        id=row.id,
        event_id=row.event_id,
        endpoint_id=row.endpoint_id,
        type=Event(row.type),
        comment_id=row.comment_id,
        payload=row.payload,
        state=State(row.state),
        attempts=row.attempts,
        next_at=row.next_at,
        lease_until=row.lease_until,
        created_at=row.created_at,
    )
