"""Copies of a whole database: taken while it is written to, put back, moved to another kind."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from moderation.errors import CopyError
from moderation.storage import fingerprints, search
from moderation.storage.engine import Database
from moderation.storage.fingerprints import Fingerprints
from moderation.storage.migrations import migrate
from moderation.storage.schema import metadata

_AT_ONCE = 1000


def back_up(database: Database, path: Path) -> Fingerprints:
    """Write a consistent copy to a new file while others write on; return what it holds."""
    if path.exists():
        raise CopyError(f"{path} exists; name a new file")
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    if database.engine.dialect.name == "sqlite":
        found = _back_up_sqlite(database, unfinished)
    else:
        found = _back_up_postgresql(database, unfinished)
    _sync(unfinished)
    _manifest(path).write_text(found.to_json() + "\n", encoding="utf-8")
    unfinished.rename(path)
    return found


def restore(database: Database, path: Path, *, overwrite: bool) -> Fingerprints:
    """Put a copy in the place of what the database holds; check it before and after.

    Raises:
        CopyError: the copy is damaged, or the database holds something and may not be lost.
    """
    if not path.exists() or not _manifest(path).exists():
        raise CopyError(f"{path} and {_manifest(path).name} must both be there")
    expected = Fingerprints.from_json(_manifest(path).read_text(encoding="utf-8"))
    if not overwrite and not _is_empty(database):
        raise CopyError("the database is not empty; say --overwrite to lose what it holds")
    if database.engine.dialect.name == "sqlite":
        _restore_sqlite(database, path, expected)
    else:
        _restore_postgresql(database, path)
    with database.reading() as tx:
        _check(expected, fingerprints.take(tx))
    return expected


def copy_to(source: Database, target: Database) -> Fingerprints:
    """Copy every row into an empty database of either kind, in one transaction, and compare."""
    migrate(target.engine)
    with source.reading() as out, target.writing() as into:
        if any(rows for rows in _counts(into).values()):
            raise CopyError("the target already holds something; name an empty database")
        for table in reversed(metadata.sorted_tables):
            into.execute(sa.delete(table))
        for table in metadata.sorted_tables:
            statement = sa.select(table).execution_options(yield_per=_AT_ONCE)
            for some in out.execute(statement).mappings().partitions():
                into.execute(sa.insert(table), [dict(row) for row in some])
            _continue_numbering(into, table)
        copied = fingerprints.take(into)
        _check(fingerprints.take(out), copied)
    return copied


def _back_up_sqlite(database: Database, path: Path) -> Fingerprints:
    with closing(sqlite3.connect(_file(database))) as live, closing(sqlite3.connect(path)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise CopyError("the copy is not whole; look at the disk")
    return _read_file(path)


def _restore_sqlite(database: Database, path: Path, expected: Fingerprints) -> None:
    _check(expected, _read_file(path))
    database.engine.dispose()
    with closing(sqlite3.connect(path)) as copy, closing(sqlite3.connect(_file(database))) as live:
        copy.backup(live)
        live.execute("PRAGMA journal_mode = WAL")


def _read_file(path: Path) -> Fingerprints:
    copy = sa.create_engine(f"sqlite:///{path}")
    try:
        with copy.connect() as tx:
            return fingerprints.take(tx)
    except sa.exc.DatabaseError as error:
        raise CopyError(f"{path} cannot be read as a copy: {error.orig}") from error
    finally:
        copy.dispose()


def _back_up_postgresql(database: Database, path: Path) -> Fingerprints:
    """Let pg_dump see the very state that is fingerprinted."""
    with database.engine.connect() as connection:
        tx = connection.execution_options(isolation_level="REPEATABLE READ")
        snapshot = tx.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
        schema = tx.execute(sa.text("SELECT current_schema()")).scalar_one()
        names = [table.name for table in metadata.sorted_tables]
        names += ["alembic_version", search.TABLE]
        tables = [f"--table={schema}.{name}" for name in names]
        target = [f"--file={path}", "--format=custom", "--no-owner", f"--snapshot={snapshot}"]
        _run(database, "pg_dump", *target, *tables)
        return fingerprints.take(tx)


def _restore_postgresql(database: Database, path: Path) -> None:
    how = ["--clean", "--if-exists", "--no-owner", "--single-transaction"]
    _run(database, "pg_restore", *how, str(path))


def _run(database: Database, program: str, *words: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise CopyError(f"{program} is missing; install PostgreSQL's client programs")
    url = database.engine.url
    target = url.set(drivername="postgresql", password=None).render_as_string()
    # Not on the command line, where every user of the machine could read it.
    secret = {"PGPASSWORD": url.password} if url.password else {}
    told = subprocess.run(  # noqa: S603 - fixed program, our own words
        [found, f"--dbname={target}", *words],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode != 0:
        raise CopyError(f"{program} failed: {told.stderr.strip()}")


def _counts(tx: sa.Connection) -> dict[str, int]:
    """Return the rows of each table, the audit log's head left out: it is never without one."""
    return {
        table.name: tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
        if table.name != "audit_head"
    }


def _is_empty(database: Database) -> bool:
    with database.reading() as tx:
        if not sa.inspect(tx).has_table("comments"):
            return True
        return not any(_counts(tx).values())


def _continue_numbering(tx: sa.Connection, table: sa.Table) -> None:
    """Let PostgreSQL number new rows after the copied ones; SQLite does so by itself."""
    number = table.autoincrement_column
    if tx.dialect.name != "postgresql" or number is None or table.name in {"audit_head"}:
        return
    tx.execute(
        sa.select(
            sa.func.setval(
                sa.func.pg_get_serial_sequence(table.name, number.name),
                sa.select(sa.func.coalesce(sa.func.max(number), 0) + 1).scalar_subquery(),
                False,
            )
        )
    )


def _check(expected: Fingerprints, found: Fingerprints) -> None:
    if differences := expected.differences(found):
        raise CopyError("the copy differs:\n  " + "\n  ".join(differences))


def _manifest(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _file(database: Database) -> str:
    return str(database.engine.url.database)


def _sync(path: Path) -> None:
    """Have the file on the disk before it gets its name."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
