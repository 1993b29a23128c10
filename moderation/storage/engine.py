"""The database connection, and the two kinds of transaction."""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event

from moderation.storage.group_commit import GroupCommit, Prepare
from moderation.storage.prepared import Glance

T = TypeVar("T")

# Longer than the longest write transaction by two orders of magnitude; a writer that still
# waits after this long has met a stuck process, and the caller should hear of it.
SQLITE_BUSY_TIMEOUT_MS = 10_000
# Four times SQLite's default: pages that change with every comment are copied back to the
# database less often, which a tenth to a quarter of its writing time went into. Bounds the log
# near 16 MB.
SQLITE_CHECKPOINT_PAGES = 4_000
POSTGRESQL_LOCK_TIMEOUT_MS = 10_000
POOL_TIMEOUT_S = 10
# A server that vanished without a word is noticed in half a minute, not in two hours.
POSTGRESQL_CONNECTION = {
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}

# One for every thread of a worker: a connection more would be opened and closed each time.
CONNECTIONS_KEPT = 16


class Database:
    """A lazily connecting engine: nothing is opened before the first transaction.

    So a gunicorn master may build one and fork; each worker then opens its own connections.
    """

    def __init__(self, url: str, *, sqlite_synchronous: str = "FULL") -> None:
        self.engine = sa.create_engine(
            url,
            pool_pre_ping=not url.startswith("sqlite"),
            pool_size=CONNECTIONS_KEPT,
            pool_timeout=POOL_TIMEOUT_S,
            connect_args={} if url.startswith("sqlite") else POSTGRESQL_CONNECTION,
            hide_parameters=True,  # a failed statement's message would carry a comment's text
        )
        self._turn: _WriteTurn | None = None
        self._together = GroupCommit(self.writing)
        self._group: GroupCommit | None = None
        if self.engine.dialect.name == "sqlite":
            _prepare_sqlite(self.engine, sqlite_synchronous)
            self._turn = _WriteTurn(f"{self.engine.url.database}-turn")
            self._group = self._together
        else:
            _prepare_postgresql(self.engine)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open a transaction that commits at the end, or rolls back on an exception.

        On SQLite it takes the write lock at once: a transaction that reads first and asks for
        the lock later can fail in the middle, and no retry is safe there.
        """
        if self._turn is None:
            with self.engine.begin() as connection:
                yield connection
            return
        with self._turn.taken(), self.engine.connect() as connection:
            connection = connection.execution_options(sqlite_begin="BEGIN IMMEDIATE")
            with connection.begin():
                yield connection

    def write(self, work: Callable[[sa.Connection], T], prepare: Prepare | None = None) -> T:
        """Do a unit of work in a transaction and return its value once it is durable.

        On SQLite, units that arrive together share one commit: see ``GroupCommit.run`` for what
        the work must keep to, and for ``prepare``. PostgreSQL groups the commits of its
        connections itself.
        """
        if self._group is not None:
            return self._group.run(work, prepare)
        if prepare is not None:
            prepare([work])
        with self.writing() as tx:
            return work(tx)

    def write_all(
        self, works: Sequence[Callable[[sa.Connection], Any]], prepare: Prepare | None = None
    ) -> list[tuple[Any, BaseException | None]]:
        """Do units of work in one transaction; return what each gave, or what it raised."""
        if self._group is None and len(works) == 1:
            try:
                return [(self.write(works[0], prepare), None)]
            except Exception as error:
                return [(None, error)]
        return self._together.run_all(works, prepare)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees one consistent state and keeps nothing it changes."""
        with self.engine.connect() as connection:
            if self._turn is None:
                # PostgreSQL's default shows each statement what was committed up to then.
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    def scrub(self) -> None:
        """Drop older versions of changed rows, so that what was erased is gone from the files.

        Copies elsewhere, such as backups and PostgreSQL's archived log, keep it for their time.
        """
        with self.engine.connect() as connection:
            if self._turn is not None:
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                return
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(sa.text("VACUUM comments, decisions"))

    @contextmanager
    def glancing(self) -> Iterator[Glance]:
        """Lend a connection for prepared look-ups that need not see one state.

        It costs a quarter of what ``reading`` does, on the way of every comment.
        """
        connection = self.engine.raw_connection()
        try:
            yield Glance(connection, self.engine.dialect)
        finally:
            connection.close()

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()
        if self._turn is not None:
            self._turn.close()


class _WriteTurn:
    """Lets the writers of all threads and processes queue up in the kernel.

    SQLite itself makes a writer who finds the lock taken sleep and look again, longer each
    time; with several busy writers the lock then lies free most of the time. The file is only
    locked, never written; the kernel frees it when its holder dies.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._threads = threading.Lock()
        self._file: tuple[int, int] | None = None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the turn for the block."""
        with self._threads:
            try:
                descriptor = self._open()
            except OSError as error:
                raise sa.exc.OperationalError("open the lock file", None, error) from error
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(descriptor, fcntl.LOCK_UN)

    def _open(self) -> int:
        """Return this process's own descriptor; one inherited over a fork shares its lock."""
        if self._file is None or self._file[0] != os.getpid():
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._file = (os.getpid(), descriptor)
        return self._file[1]

    def close(self) -> None:
        """Give the descriptor back."""
        if self._file is not None and self._file[0] == os.getpid():
            os.close(self._file[1])
        self._file = None


def _prepare_postgresql(engine: sa.Engine) -> None:
    """Let nobody wait for a row's lock for ever."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.execute(f"SET lock_timeout = {POSTGRESQL_LOCK_TIMEOUT_MS}")
        connection.commit()


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
        cursor.execute(f"PRAGMA wal_autocheckpoint = {SQLITE_CHECKPOINT_PAGES}")
        cursor.execute("PRAGMA foreign_keys = ON")
        # What is deleted or overwritten is overwritten with zeros: erased texts are gone.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        begin = connection.get_execution_options().get("sqlite_begin", "BEGIN")
        # Straight to the driver: SQLAlchemy's own way costs as much as the INSERT that follows.
        try:
            connection.connection.cursor().execute(begin)
        except sqlite3.Error as error:
            raise sa.exc.OperationalError(begin, None, error) from error
