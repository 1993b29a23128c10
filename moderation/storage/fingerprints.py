"""Row counts and digests of whole tables, equal for equal content on every database."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

import sqlalchemy as sa

from moderation.storage.schema import metadata

_MODULUS = 2**256
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a table holds; rows count in no order, since databases sort text differently."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Every table's fingerprint, by name."""

    tables: dict[str, Fingerprint]

    def to_json(self) -> str:
        """Return them as a document."""
        return json.dumps({name: asdict(one) for name, one in self.tables.items()}, indent=2)

    @classmethod
    def from_json(cls, document: str) -> Self:
        """Read what ``to_json`` wrote."""
        return cls({name: Fingerprint(**one) for name, one in json.loads(document).items()})

    def differences(self, other: "Fingerprints") -> list[str]:
        """Return one line for every table that is not the same in both."""
        lines = []
        for name in sorted(self.tables.keys() | other.tables.keys()):
            ours, theirs = self.tables.get(name), other.tables.get(name)
            if ours != theirs:
                rows = [one.rows if one else "no" for one in (ours, theirs)]
                lines.append(f"{name}: {rows[0]} rows against {rows[1]}, or other content")
        return lines


def take(tx: sa.Connection) -> Fingerprints:
    """Read every table once."""
    return Fingerprints({table.name: _take_one(tx, table) for table in metadata.sorted_tables})


def _take_one(tx: sa.Connection, table: sa.Table) -> Fingerprint:
    # Named, for a migrated table may have its columns in another order.
    names = sorted(column.name for column in table.columns)
    statement = sa.select(*(table.c[name] for name in names))
    rows = tx.execute(statement.execution_options(yield_per=_AT_ONCE))
    count, total = 0, 0
    for row in rows:
        content = json.dumps(list(row), default=_as_plain, sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(content.encode()).digest()
        total = (total + int.from_bytes(digest)) % _MODULUS
        count += 1
    return Fingerprint(count, f"{total:064x}")


def _as_plain(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, datetime) else str(value)
