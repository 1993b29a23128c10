"""Sessions somebody logged out of: a cookie copied before must not open them again."""

from datetime import datetime

import sqlalchemy as sa

from moderation.storage.shift_schema import ended_sessions


def add(tx: sa.Connection, session_id: str, *, now: datetime) -> None:
    """Remember that a session was ended; ending it twice changes nothing."""
    if not is_ended(tx, session_id):
        tx.execute(sa.insert(ended_sessions), {"id": session_id, "ended_at": now})


def is_ended(tx: sa.Connection, session_id: str) -> bool:
    """Say whether somebody logged out of a session."""
    found = sa.exists().where(ended_sessions.c.id == session_id)
    return bool(tx.execute(sa.select(found)).scalar_one())


def forget_before(tx: sa.Connection, cutoff: datetime) -> None:
    """Forget sessions that are over by their age alone."""
    tx.execute(sa.delete(ended_sessions).where(ended_sessions.c.ended_at < cutoff))
