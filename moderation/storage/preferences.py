"""How each person likes their console: a few named values of plain JSON."""

from typing import Any

import sqlalchemy as sa

from moderation.storage.shift_schema import preferences


def read(tx: sa.Connection, username: str) -> dict[str, Any]:
    """Return everything a person has set, by name."""
    rows = tx.execute(
        sa.select(preferences.c.name, preferences.c.value).where(preferences.c.username == username)
    )
    return {row.name: row.value for row in rows}


def write(tx: sa.Connection, username: str, name: str, value: Any) -> None:
    """Set one value in place of what it was."""
    tx.execute(
        sa.delete(preferences).where(preferences.c.username == username, preferences.c.name == name)
    )
    tx.execute(sa.insert(preferences), {"username": username, "name": name, "value": value})
