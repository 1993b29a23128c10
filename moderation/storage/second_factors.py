"""Second factors: whose codes count, which was the last, and what is left to recover with."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from moderation.storage.second_factor_schema import recovery_codes, second_factors


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """What a person's codes come from; not in use before it is confirmed."""

    user_id: int
    salt: str
    confirmed_at: datetime | None


def find(tx: sa.Connection, user_id: int) -> SecondFactor | None:
    """Return a person's second factor, confirmed or only begun."""
    row = tx.execute(_select().where(second_factors.c.user_id == user_id)).one_or_none()
    return None if row is None else _from_row(row)


def list_confirmed(tx: sa.Connection) -> dict[int, SecondFactor]:
    """Return the second factors in use, by person."""
    rows = tx.execute(_select().where(second_factors.c.confirmed_at.is_not(None)))
    return {row.user_id: _from_row(row) for row in rows}


def begin(tx: sa.Connection, user_id: int, salt: str, *, now: datetime) -> None:
    """Store a second factor that is not in use yet, in place of one that was only begun."""
    tx.execute(sa.delete(second_factors).where(second_factors.c.user_id == user_id))
    tx.execute(sa.insert(second_factors), {"user_id": user_id, "salt": salt, "begun_at": now})


def confirm(tx: sa.Connection, user_id: int, *, now: datetime) -> None:
    """Put a second factor into use."""
    mine = second_factors.c.user_id == user_id
    tx.execute(sa.update(second_factors).where(mine).values(confirmed_at=now))


def advance(tx: sa.Connection, user_id: int, step: int) -> bool:
    """Note the step of an accepted code; false if that code or a later one was taken before.

    Of two that bring the same code at the same moment, one finds the row already changed.
    """
    later = sa.and_(second_factors.c.user_id == user_id, second_factors.c.last_step < step)
    changed = tx.execute(sa.update(second_factors).where(later).values(last_step=step))
    return changed.rowcount == 1


def remove(tx: sa.Connection, user_id: int) -> bool:
    """Forget a person's second factor and recovery codes; false if there was nothing."""
    tx.execute(sa.delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
    gone = tx.execute(sa.delete(second_factors).where(second_factors.c.user_id == user_id))
    return gone.rowcount == 1


def put_recovery_codes(tx: sa.Connection, user_id: int, digests: Collection[str]) -> None:
    """Store the digests of new recovery codes in place of all earlier ones."""
    tx.execute(sa.delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
    rows = [{"user_id": user_id, "digest": digest} for digest in digests]
    tx.execute(sa.insert(recovery_codes), rows)


def use_recovery_code(tx: sa.Connection, user_id: int, digest: str) -> bool:
    """Take a recovery code away; false if there was none such."""
    same = sa.and_(recovery_codes.c.user_id == user_id, recovery_codes.c.digest == digest)
    return tx.execute(sa.delete(recovery_codes).where(same)).rowcount == 1


def count_recovery_codes(tx: sa.Connection, user_id: int) -> int:
    """Return how many recovery codes a person has left."""
    statement = sa.select(sa.func.count()).where(recovery_codes.c.user_id == user_id)
    return int(tx.execute(statement).scalar_one())


def _select() -> Any:
    return sa.select(second_factors.c.user_id, second_factors.c.salt, second_factors.c.confirmed_at)


def _from_row(row: Any) -> SecondFactor:
    return SecondFactor(row.user_id, row.salt, row.confirmed_at)
