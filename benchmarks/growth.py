"""What grows with the number of stored comments, and what does not: ``-m benchmarks.growth``.

A database is filled with made-up rows, a tenth of them waiting; then every query that a page, a
claim or a comment's way in asks is timed, as the service asks it: the best, the median and the
95th percentile of a row of times are printed as Markdown. On a busy machine the best tells most.
``--plans`` also prints what the database makes of the statements.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from benchmarks.growth_data import END, fill
from benchmarks.growth_queries import Asked, queries
from moderation.services import day_figures
from moderation.storage.engine import Database
from moderation.storage.migrations import migrate

SIZES = (1_000, 100_000, 1_000_000)
ROUNDS = 25


@dataclass(frozen=True, slots=True)
class Timing:
    """The best, the median and the 95th percentile of a query's times, in milliseconds."""

    best: float
    median: float
    ninety_fifth: float

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> "Timing":
        """Summarise a row of times."""
        row = sorted(milliseconds)
        return cls(row[0], statistics.median(row), row[int(len(row) * 0.95)])

    def __str__(self) -> str:
        return f"{self.best:.1f} / {self.median:.1f} / {self.ninety_fifth:.1f}"


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--postgresql", default=os.environ.get("TEST_DATABASE_URL"))
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--plans", action="store_true")
    parser.add_argument("--folder", type=Path, help="where SQLite's file goes")
    options = parser.parse_args()
    timings: dict[str, dict[str, Timing]] = {}
    columns = []
    for kind in ("sqlite", "postgresql"):
        if options.only not in {None, kind} or (kind == "postgresql" and not options.postgresql):
            continue
        for size in options.sizes:
            columns.append(f"{'SQLite' if kind == 'sqlite' else 'PostgreSQL'} {size:,}")
            with _filled(kind, size, options) as database:
                for name, asked in queries(database).items():
                    if options.plans:
                        _print_plans(database, name, asked)
                    timings.setdefault(name, {})[columns[-1]] = _time(database, asked)
                    print(f"    {name}: {timings[name][columns[-1]]}", flush=True)
    _print_table(timings, columns)


@contextmanager
def _filled(kind: str, size: int, options: argparse.Namespace) -> Iterator[Database]:
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        made = _own_file(folder) if kind == "sqlite" else _own_schema(options.postgresql)
        with made as database:
            migrate(database.engine)
            began = time.perf_counter()
            fill(database.engine, size)
            print(f"{kind} {size:,}: filled in {time.perf_counter() - began:.0f} s", flush=True)
            began = time.perf_counter()
            days = day_figures.catch_up(database, now=END)
            print(f"    {days} days counted in {time.perf_counter() - began:.0f} s", flush=True)
            yield database


@contextmanager
def _own_file(folder: str) -> Iterator[Database]:
    database = Database(f"sqlite:///{folder}/growth.db", sqlite_synchronous="NORMAL")
    yield database
    database.close()


@contextmanager
def _own_schema(url: str) -> Iterator[Database]:
    schema = f"growth_{uuid4().hex[:8]}"
    server = sa.create_engine(url)
    with server.begin() as tx:
        tx.execute(sa.schema.CreateSchema(schema))
    try:
        own = sa.make_url(url).update_query_dict({"options": f"-csearch_path={schema}"})
        database = Database(own.render_as_string(hide_password=False))
        yield database
        database.close()
    finally:
        with server.begin() as tx:
            tx.execute(sa.schema.DropSchema(schema, cascade=True))
        server.dispose()


def _time(database: Database, asked: Asked) -> Timing:
    """Time a query warm; what it writes is taken back, so that every round finds the same."""
    took = []
    for _ in range(ROUNDS + 2):
        with database.engine.connect() as tx, tx.begin() as transaction:
            began = time.perf_counter()
            asked(tx)
            took.append((time.perf_counter() - began) * 1000)
            transaction.rollback()
        if sum(took) > 20_000:
            break
    return Timing.of(took[2:] or took)


def _print_plans(database: Database, name: str, asked: Callable[[sa.Connection], object]) -> None:
    """Ask once more, with every statement explained beside it."""
    explain = "EXPLAIN QUERY PLAN " if database.engine.dialect.name == "sqlite" else "EXPLAIN "
    heard: list[tuple[str, Any]] = []

    def hear(_c: object, _k: object, statement: str, values: Any, *_rest: object) -> None:
        if not statement.startswith("SET"):
            heard.append((statement, values))

    with database.engine.connect() as tx, tx.begin() as transaction:
        sa.event.listen(database.engine, "before_cursor_execute", hear)
        asked(tx)
        sa.event.remove(database.engine, "before_cursor_execute", hear)
        transaction.rollback()
    print(f"\n### {name}")
    with database.engine.connect() as tx:
        for statement, values in heard:
            cursor = tx.connection.cursor()
            cursor.execute(explain + statement, values)
            print(" ".join(statement.split())[:160])
            for row in cursor.fetchall():
                print("    ", row[-1])


def _print_table(timings: dict[str, dict[str, Timing]], columns: list[str]) -> None:
    print(f"\n| best / median / 95th percentile, ms | {' | '.join(columns)} |")
    print(f"| --- |{' ---: |' * len(columns)}")
    for name, found in timings.items():
        print(f"| {name} | {' | '.join(str(found[column]) for column in columns)} |")


if __name__ == "__main__":
    main()
