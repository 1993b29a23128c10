"""The database connection, and the two kinds of transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

# Longer than the longest write transaction by two orders of magnitude; a writer that still
# waits after this long has met a stuck process, and the caller should hear of it.
SQLITE_BUSY_TIMEOUT_MS = 10_000


class Database:
    """A lazily connecting engine: nothing is opened before the first transaction.

    So a gunicorn master may build one and fork; each worker then opens its own connections.
    """

    def __init__(self, url: str, *, sqlite_synchronous: str = "FULL") -> None:
        self.engine = sa.create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
        self._sqlite = self.engine.dialect.name == "sqlite"
        if self._sqlite:
            _prepare_sqlite(self.engine, sqlite_synchronous)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open a transaction that commits at the end, or rolls back on an exception.

        On SQLite it takes the write lock at once: a transaction that reads first and asks for
        the lock later can fail in the middle, and no retry is safe there.
        """
        with self.engine.connect() as connection:
            if self._sqlite:
                connection = connection.execution_options(sqlite_begin="BEGIN IMMEDIATE")
            with connection.begin():
                yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees one consistent state and keeps nothing it changes."""
        with self.engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _prepare_sqlite(engine: sa.Engine, synchronous: str) -> None:
    """Set the journal and let the transactions be begun by us, not by the driver.

    The driver begins a transaction only before the first write, which would leave reads
    outside of it (SQLAlchemy's documentation, "Serializable isolation / Savepoints").
    """

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {synchronous}")
        cursor.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))
