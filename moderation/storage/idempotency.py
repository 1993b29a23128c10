"""Answers kept for a while, so that a request sent twice is done once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from moderation.storage.adapter_tables import idempotent_answers as kept_answers


@dataclass(frozen=True, slots=True)
class Kept:
    """A request begun before; ``status`` is ``None`` while it is being answered."""

    fingerprint: str
    started_at: datetime
    status: int | None
    content_type: str
    body: bytes


_INSERT: dict[str, Any] = {
    name: dialect.insert(kept_answers)
    .on_conflict_do_nothing()
    .execution_options(preserve_rowcount=True)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


def begin(
    tx: sa.Connection,
    api_key_id: int,
    idempotency_key: str,
    fingerprint: str,
    *,
    now: datetime,
    kept_since: datetime,
    lost_before: datetime,
) -> Kept | None:
    """Begin a request unless it was begun before; return that earlier one.

    What is older than ``kept_since`` is forgotten, and so is what began before
    ``lost_before`` and was never answered.
    """
    tx.execute(
        sa.delete(kept_answers).where(
            sa.or_(
                kept_answers.c.started_at < kept_since,
                sa.and_(
                    _is(api_key_id, idempotency_key),
                    kept_answers.c.status.is_(None),
                    kept_answers.c.started_at < lost_before,
                ),
            )
        )
    )
    began = tx.execute(
        _INSERT[tx.dialect.name],
        {
            "api_key_id": api_key_id,
            "idempotency_key": idempotency_key,
            "fingerprint": fingerprint,
            "started_at": now,
            "status": None,
            "content_type": "",
            "body": b"",
        },
    ).rowcount
    if began == 1:
        return None
    row = tx.execute(
        sa.select(
            kept_answers.c.fingerprint,
            kept_answers.c.started_at,
            kept_answers.c.status,
            kept_answers.c.content_type,
            kept_answers.c.body,
        ).where(_is(api_key_id, idempotency_key))
    ).one()
    return Kept(*row)


def keep(
    tx: sa.Connection,
    api_key_id: int,
    idempotency_key: str,
    *,
    status: int,
    content_type: str,
    body: bytes,
) -> None:
    """Keep the answer of a request that was begun."""
    tx.execute(
        sa.update(kept_answers)
        .where(_is(api_key_id, idempotency_key))
        .values(status=status, content_type=content_type, body=body)
    )


def forget(tx: sa.Connection, api_key_id: int, idempotency_key: str) -> None:
    """Forget a request that was begun, so that it can be sent again."""
    tx.execute(sa.delete(kept_answers).where(_is(api_key_id, idempotency_key)))


def _is(api_key_id: int, idempotency_key: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        kept_answers.c.api_key_id == api_key_id,
        kept_answers.c.idempotency_key == idempotency_key,
    )
