"""Attempts to log in, so that guessing can be slowed down; kept no longer than that needs."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from moderation.storage.schema import login_attempts


def add(tx: sa.Connection, keys: Collection[str], *, now: datetime) -> None:
    """Note an attempt under each key."""
    tx.execute(sa.insert(login_attempts), [{"key": key, "at": now} for key in keys])


def count_since(tx: sa.Connection, key: str, since: datetime) -> int:
    """Return how many attempts were made under a key."""
    statement = (
        sa.select(sa.func.count())
        .select_from(login_attempts)
        .where(login_attempts.c.key == key, login_attempts.c.at > since)
    )
    return int(tx.execute(statement).scalar_one())


def forget(tx: sa.Connection, keys: Collection[str]) -> None:
    """Forget the attempts under these keys."""
    tx.execute(sa.delete(login_attempts).where(login_attempts.c.key.in_(keys)))


def forget_before(tx: sa.Connection, cutoff: datetime) -> int:
    """Forget every attempt made before a time; return how many there were."""
    return tx.execute(sa.delete(login_attempts).where(login_attempts.c.at < cutoff)).rowcount
