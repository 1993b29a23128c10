"""The log of every act of a person: who, what, on what, when. Rows are only ever added.

Each row holds the hash of the row before it, and ``audit_head`` the count and hash of the last,
so that a row edited, removed or moved afterwards is found: see ``services/auditing.py``.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from moderation.storage.schema import audit_head, audit_log

FIRST_PREVIOUS = "0" * 64
"""What the first row names as the hash before it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as it stands in the log."""

    id: int
    at: datetime
    actor: str
    act: str
    subject: str
    site_id: int | None
    detail: Mapping[str, Any]
    previous_hash: str
    hash: str

    def expected_hash(self) -> str:
        """Return the hash that the row's own content makes."""
        content = [
            self.previous_hash,
            self.id,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor,
            self.act,
            self.subject,
            self.site_id,
            self.detail,
        ]
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """How many rows the log holds, and the hash of the last."""

    length: int
    hash: str


def record(
    tx: sa.Connection,
    *,
    at: datetime,
    actor: str,
    act: str,
    subject: str,
    site_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write one row, in the transaction of the act it tells of.

    It holds the head of the chain until that transaction ends, so let it be the last write
    there: acts wait for each other only from here to the commit. Taking comments in writes no
    row and never waits. Say nothing in ``detail`` that an erasure would have to take back.
    """
    head = tx.execute(sa.select(audit_head.c.length, audit_head.c.hash).with_for_update()).one()
    values = {
        "id": head.length + 1,
        "at": at,
        "actor": actor,
        "act": act,
        "subject": subject,
        "site_id": site_id,
        # As it will be read back: a tuple as a list, a number as a key as text.
        "detail": json.loads(json.dumps(dict(detail or {}))),
        "previous_hash": head.hash,
    }
    values["hash"] = Entry(hash="", **values).expected_hash()
    tx.execute(sa.insert(audit_log), values)
    tx.execute(sa.update(audit_head).values(length=values["id"], hash=values["hash"]))


def read_head(tx: sa.Connection) -> Head:
    """Return where the chain ends."""
    row = tx.execute(sa.select(audit_head.c.length, audit_head.c.hash)).one()
    return Head(row.length, row.hash)


def list_entries(tx: sa.Connection, *, batch: int = 1000) -> Iterator[Entry]:
    """Yield the whole log in order, reading a batch at a time."""
    statement = sa.select(audit_log).order_by(audit_log.c.id)
    for row in tx.execute(statement.execution_options(yield_per=batch)):
        yield Entry(**row._mapping)


def has_hash(tx: sa.Connection, hash_: str) -> bool:
    """Say whether a row with this hash is in the log."""
    return bool(tx.execute(sa.select(sa.exists().where(audit_log.c.hash == hash_))).scalar_one())
