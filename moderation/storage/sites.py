"""Sites and the API keys that speak for them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from moderation.storage.identity import digest_key
from moderation.storage.schema import api_keys, sites


class Scope(StrEnum):
    """What a key may do: hand in comments, work the queue, administer the site, speak Akismet."""

    SUBMIT = "submit"
    REVIEW = "review"
    ADMIN = "admin"
    AKISMET = "akismet"


NATIVE_SCOPES = frozenset(Scope) - {Scope.AKISMET}
"""The scopes of our own API; an Akismet key is another kind of key and has none of them."""


@dataclass(frozen=True, slots=True)
class Site:
    """A news site whose readers comment."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret."""

    id: int
    site: Site
    hint: str
    note: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def is_valid(self, now: datetime) -> bool:
        """Say whether the key may be used now."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def add_site(tx: sa.Connection, name: str, *, now: datetime) -> Site:
    """Store a new site; raise ``IntegrityError`` if the name is taken."""
    result = tx.execute(sa.insert(sites).values(name=name, created_at=now).returning(sites.c.id))
    return Site(result.scalar_one(), name)


def find_site(tx: sa.Connection, name: str) -> Site | None:
    """Return a site by name."""
    row = tx.execute(sa.select(sites.c.id, sites.c.name).where(sites.c.name == name)).one_or_none()
    return None if row is None else Site(row.id, row.name)


def list_sites(tx: sa.Connection) -> list[Site]:
    """Return every site, by name."""
    rows = tx.execute(sa.select(sites.c.id, sites.c.name).order_by(sites.c.name))
    return [Site(row.id, row.name) for row in rows]


def add_key(
    tx: sa.Connection,
    site: Site,
    key: str,
    scopes: Collection[Scope],
    *,
    note: str,
    now: datetime,
    expires_at: datetime | None = None,
    digest: str | None = None,
) -> int:
    """Store a key by its digest and return its id; the key itself is not kept."""
    result = tx.execute(
        sa.insert(api_keys).returning(api_keys.c.id),
        {
            "site_id": site.id,
            "digest": digest or digest_key(key),
            "hint": key[-4:],
            "note": note,
            "scopes": sorted(scope.value for scope in scopes),
            "created_at": now,
            "expires_at": expires_at,
        },
    )
    key_id: int = result.scalar_one()
    return key_id


def find_key(tx: sa.Connection, digest: str) -> ApiKey | None:
    """Return the key with this digest, valid or not."""
    row = tx.execute(_select_keys().where(api_keys.c.digest == digest)).one_or_none()
    return None if row is None else _key_from(row)


def list_keys(tx: sa.Connection) -> list[ApiKey]:
    """Return every key, the oldest first."""
    return [_key_from(row) for row in tx.execute(_select_keys().order_by(api_keys.c.id))]


def find_key_by_id(tx: sa.Connection, key_id: int) -> ApiKey | None:
    """Return the key with this id, valid or not."""
    row = tx.execute(_select_keys().where(api_keys.c.id == key_id)).one_or_none()
    return None if row is None else _key_from(row)


def record_key_use(tx: sa.Connection, key_id: int, *, now: datetime) -> None:
    """Remember when a key was last used."""
    tx.execute(sa.update(api_keys).where(api_keys.c.id == key_id).values(last_used_at=now))


def end_key_at(tx: sa.Connection, key_id: int, *, at: datetime) -> None:
    """Let a key expire at a time."""
    tx.execute(sa.update(api_keys).where(api_keys.c.id == key_id).values(expires_at=at))


def revoke_key(tx: sa.Connection, key_id: int, *, now: datetime) -> bool:
    """End a key; return false if there is none with this id that still lives."""
    result = tx.execute(
        sa.update(api_keys)
        .where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return result.rowcount == 1


def _select_keys() -> Any:
    return sa.select(api_keys, sites.c.name.label("site_name")).join(
        sites, sites.c.id == api_keys.c.site_id
    )


def _key_from(row: Any) -> ApiKey:
    return ApiKey(
        id=row.id,
        site=Site(row.site_id, row.site_name),
        hint=row.hint,
        note=row.note,
        scopes=frozenset(Scope(name) for name in row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
