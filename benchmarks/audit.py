"""What the chain costs a decision: a plain row against a chained one, on SQLite in memory."""

import time
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from moderation.storage import audit
from moderation.storage.schema import audit_head, audit_log, metadata

_ROWS = 2000


def main() -> None:
    """Print microseconds a row, without and with the chain, without any commit."""
    engine = sa.create_engine("sqlite://")
    metadata.create_all(engine)
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "at": now,
        "actor": "sari",
        "act": "comment.approve",
        "subject": "x" * 36,
    }
    detail = {"labels": ["spam"], "source": "console"}
    with engine.begin() as tx:
        tx.execute(sa.insert(audit_head).values(id=1, length=0, hash=audit.FIRST_PREVIOUS))
        began = time.perf_counter()
        for _ in range(_ROWS):
            audit.record(tx, **values, detail=detail)
        chained = time.perf_counter() - began
        began = time.perf_counter()
        for number in range(_ROWS):
            row = {**values, "id": _ROWS + 1 + number, "detail": detail, "site_id": None}
            tx.execute(sa.insert(audit_log), {**row, "previous_hash": "", "hash": ""})
        plain = time.perf_counter() - began
    print(f"plain row    {plain / _ROWS * 1e6:7.0f} µs")
    print(f"chained row  {chained / _ROWS * 1e6:7.0f} µs   {chained / plain:.1f} x")


if __name__ == "__main__":
    main()
