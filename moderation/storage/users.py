"""The people who moderate."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from moderation.storage.schema import users


class Role(StrEnum):
    """What a person may do in the console."""

    MODERATOR = "moderator"
    EDITOR = "editor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class User:
    """A person with an account."""

    id: int
    username: str
    display_name: str
    password_hash: str
    role: Role
    active: bool
    session_stamp: str
    last_login_at: datetime | None = None


def add(
    tx: sa.Connection,
    *,
    username: str,
    display_name: str,
    password_hash: str,
    role: Role,
    session_stamp: str,
    now: datetime,
    active: bool = True,
) -> None:
    """Store a new person; raise ``IntegrityError`` if the user name is taken."""
    tx.execute(
        sa.insert(users),
        {
            "username": username,
            "display_name": display_name,
            "password_hash": password_hash,
            "role": role.value,
            "active": active,
            "session_stamp": session_stamp,
            "created_at": now,
        },
    )


def find(tx: sa.Connection, user_id: int) -> User | None:
    """Return a person by id."""
    return _find_one(tx, users.c.id == user_id)


def find_by_name(tx: sa.Connection, username: str) -> User | None:
    """Return a person by user name."""
    return _find_one(tx, users.c.username == username)


def display_names(tx: sa.Connection) -> dict[str, str]:
    """Return what each person is called on screen, by user name."""
    rows = tx.execute(sa.select(users.c.username, users.c.display_name))
    return {row.username: row.display_name for row in rows}


def list_all(tx: sa.Connection) -> list[User]:
    """Return everybody with an account, by user name."""
    return [_from_row(row) for row in tx.execute(sa.select(users).order_by(users.c.username))]


def count_active(tx: sa.Connection, role: Role) -> int:
    """Return how many people of a role may log in."""
    statement = sa.select(sa.func.count()).where(users.c.role == role.value, users.c.active)
    return int(tx.execute(statement).scalar_one())


def change(tx: sa.Connection, user_id: int, **values: Any) -> None:
    """Change a person's account, and end every session they have."""
    stamp = new_stamp()
    tx.execute(sa.update(users).where(users.c.id == user_id).values(session_stamp=stamp, **values))


def new_stamp() -> str:
    """Return a stamp that no session bears yet."""
    return secrets.token_hex(16)


def is_empty(tx: sa.Connection) -> bool:
    """Say whether nobody has an account yet."""
    return tx.execute(sa.select(users.c.id).limit(1)).one_or_none() is None


def record_login(tx: sa.Connection, user_id: int, *, now: datetime) -> None:
    """Remember when a person last logged in."""
    tx.execute(sa.update(users).where(users.c.id == user_id).values(last_login_at=now))


def _find_one(tx: sa.Connection, where: sa.ColumnElement[bool]) -> User | None:
    row: Any = tx.execute(sa.select(users).where(where)).one_or_none()
    return None if row is None else _from_row(row)


def _from_row(row: Any) -> User:
    return User(
        id=row.id,
        username=row.username,
        display_name=row.display_name,
        password_hash=row.password_hash,
        role=Role(row.role),
        active=row.active,
        session_stamp=row.session_stamp,
        last_login_at=row.last_login_at,
    )
