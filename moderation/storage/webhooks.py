"""The endpoints sites want their events sent to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from moderation.domain.delivery import Event
from moderation.storage.prepared import Prepared
from moderation.storage.webhook_schema import (
    webhook_attempts,
    webhook_endpoints,
    webhook_outbox,
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A site's address for events; ``old_salt`` signs too until ``old_salt_until``."""

    id: int
    site_id: int
    url: str
    events: frozenset[Event]
    salt: str
    old_salt: str | None
    old_salt_until: datetime | None
    created_at: datetime
    disabled_at: datetime | None
    disabled_why: str

    def salts(self, now: datetime) -> list[str]:
        """Return the salts whose secrets sign now, the newest first."""
        if self.old_salt is None or self.old_salt_until is None or self.old_salt_until <= now:
            return [self.salt]
        return [self.salt, self.old_salt]


def add(
    tx: sa.Connection,
    site_id: int,
    url: str,
    events: Collection[Event],
    *,
    salt: str,
    now: datetime,
) -> int:
    """Store a new endpoint and return its id."""
    statement = sa.insert(webhook_endpoints).values(
        site_id=site_id,
        url=url,
        events=sorted(event.value for event in events),
        salt=salt,
        created_at=now,
    )
    return int(tx.execute(statement.returning(webhook_endpoints.c.id)).scalar_one())


def find(tx: sa.Connection, endpoint_id: int) -> Endpoint | None:
    """Return an endpoint, disabled or not."""
    row = tx.execute(
        sa.select(webhook_endpoints).where(webhook_endpoints.c.id == endpoint_id)
    ).one_or_none()
    return None if row is None else _from_row(row)


def find_by_url(tx: sa.Connection, site_id: int, url: str, event: Event) -> Endpoint | None:
    """Return a site's endpoint with this very address that wants an event, disabled or not."""
    rows = tx.execute(
        sa.select(webhook_endpoints)
        .where(webhook_endpoints.c.site_id == site_id, webhook_endpoints.c.url == url)
        .order_by(webhook_endpoints.c.id)
    )
    found = (endpoint for endpoint in map(_from_row, rows) if event in endpoint.events)
    return next(found, None)


def list_all(tx: sa.Connection) -> list[Endpoint]:
    """Return every endpoint, the oldest first."""
    rows = tx.execute(sa.select(webhook_endpoints).order_by(webhook_endpoints.c.id))
    return [_from_row(row) for row in rows]


_FIND_LIVING = Prepared(
    lambda _dialect: (
        sa.select(webhook_endpoints.c.id, webhook_endpoints.c.events)
        .where(
            webhook_endpoints.c.site_id == sa.bindparam("site_id"),
            webhook_endpoints.c.disabled_at.is_(None),
        )
        .order_by(webhook_endpoints.c.id)
    ),
    convert=True,
)


def list_subscribed(tx: sa.Connection, site_id: int, event: Event) -> list[int]:
    """Return the ids of a site's living endpoints that want an event."""
    rows = _FIND_LIVING.run(tx, {"site_id": site_id})
    return [endpoint_id for endpoint_id, events in rows if event in events]


def change_salt(tx: sa.Connection, endpoint: Endpoint, salt: str, *, old_until: datetime) -> None:
    """Sign with a new salt, and until ``old_until`` with the present one too."""
    tx.execute(
        sa.update(webhook_endpoints)
        .where(webhook_endpoints.c.id == endpoint.id)
        .values(salt=salt, old_salt=endpoint.salt, old_salt_until=old_until)
    )


def disable(tx: sa.Connection, endpoint_id: int, *, why: str, now: datetime) -> bool:
    """Send nothing more there; return false if it was disabled before."""
    result = tx.execute(
        sa.update(webhook_endpoints)
        .where(webhook_endpoints.c.id == endpoint_id, webhook_endpoints.c.disabled_at.is_(None))
        .values(disabled_at=now, disabled_why=why)
    )
    return result.rowcount == 1


def enable(tx: sa.Connection, endpoint_id: int) -> None:
    """Send there again."""
    tx.execute(
        sa.update(webhook_endpoints)
        .where(webhook_endpoints.c.id == endpoint_id)
        .values(disabled_at=None, disabled_why="")
    )


def remove(tx: sa.Connection, endpoint_id: int) -> None:
    """Forget an endpoint with everything sent or waiting to be sent there."""
    sent = sa.select(webhook_outbox.c.id).where(webhook_outbox.c.endpoint_id == endpoint_id)
    tx.execute(sa.delete(webhook_attempts).where(webhook_attempts.c.outbox_id.in_(sent)))
    tx.execute(sa.delete(webhook_outbox).where(webhook_outbox.c.endpoint_id == endpoint_id))
    tx.execute(sa.delete(webhook_endpoints).where(webhook_endpoints.c.id == endpoint_id))


def _from_row(row: Any) -> Endpoint:
    return Endpoint(
        id=row.id,
        site_id=row.site_id,
        url=row.url,
        events=frozenset(Event(name) for name in row.events),
        salt=row.salt,
        old_salt=row.old_salt,
        old_salt_until=row.old_salt_until,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        disabled_why=row.disabled_why,
    )
