"""Statements of the write path, compiled once and run by the driver itself.

SQLAlchemy's execution costs several times what these small statements do; the SQL, the order of
parameters and the conversion of their values still come from it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

Values = Mapping[str, Any]
_Processor = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Glance:
    """A lent connection that runs prepared statements and nothing else."""

    connection: Any
    dialect: sa.Dialect


Runner = sa.Connection | Glance
"""Whatever a prepared statement can be run on."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    order: tuple[tuple[str, _Processor | None], ...]
    positional: bool
    constants: Values
    readers: tuple[_Processor | None, ...]

    def arrange(self, values: Values) -> Any:
        """Return the values as the driver takes them."""
        if self.constants:
            values = {**self.constants, **values}
        if self.positional:
            return [
                values[name] if work is None else work(values[name]) for name, work in self.order
            ]
        return {
            name: values[name] if work is None else work(values[name]) for name, work in self.order
        }

    def read(self, row: Sequence[Any]) -> list[Any]:
        """Return a row's values as SQLAlchemy would."""
        return [
            value if reader is None else reader(value)
            for value, reader in zip(row, self.readers, strict=True)
        ]


class Prepared:
    """One statement for every dialect; its parameters are the statement's bind names.

    Rows come back as the driver gives them: times, ids and booleans are not converted, unless
    ``convert`` is asked for.
    """

    def __init__(self, build: Callable[[str], Any], *, convert: bool = False) -> None:
        self._build = build
        self._convert = convert
        self._compiled: dict[str, _Compiled] = {}

    def run(self, tx: Runner, values: Values) -> list[Any]:
        """Run the statement, and return its rows if it has any."""
        compiled = self._for(tx)
        with _cursor(tx, compiled.sql) as cursor:
            cursor.execute(compiled.sql, compiled.arrange(values))
            rows = list(cursor.fetchall()) if cursor.description is not None else []
        return [compiled.read(row) for row in rows] if self._convert else rows

    def read(self, tx: Runner, row: Sequence[Any]) -> list[Any]:
        """Return the values of a row, as the driver gave it, as SQLAlchemy would."""
        return self._for(tx).read(row)

    def run_counting(self, tx: Runner, values: Values) -> int:
        """Run the statement, and return how many rows it changed."""
        compiled = self._for(tx)
        with _cursor(tx, compiled.sql) as cursor:
            cursor.execute(compiled.sql, compiled.arrange(values))
            return int(cursor.rowcount)

    def run_many(self, tx: Runner, rows: Iterable[Values]) -> None:
        """Run the statement for each of several rows of values."""
        compiled = self._for(tx)
        arranged: Sequence[Any] = [compiled.arrange(values) for values in rows]
        with _cursor(tx, compiled.sql) as cursor:
            cursor.executemany(compiled.sql, arranged)

    def _for(self, tx: Runner) -> _Compiled:
        compiled = self._compiled.get(tx.dialect.name)
        if compiled is None:
            compiled = self._compiled[tx.dialect.name] = _compile(
                self._build(tx.dialect.name), tx.dialect
            )
        return compiled


@contextmanager
def _cursor(tx: Runner, sql: str) -> Iterator[Any]:
    """Lend a cursor; what the driver raises comes out as SQLAlchemy's own errors do."""
    driver = tx.dialect.loaded_dbapi
    cursor = tx.connection.cursor()
    try:
        yield cursor
    except driver.Error as error:
        raise sa.exc.DBAPIError.instance(sql, None, error, driver.Error, True) from error
    finally:
        cursor.close()


def _compile(statement: Any, dialect: sa.Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect)
    processors: dict[str, _Processor | None] = {}
    constants: dict[str, Any] = {}
    for name, bind in compiled.binds.items():
        processor = bind.type.dialect_impl(dialect).bind_processor(dialect)
        processors[name] = processor if bind.required else None
        if not bind.required:
            constants[name] = processor(bind.value) if processor else bind.value
    names = compiled.positiontup if compiled.positional else list(compiled.binds)
    order = tuple((name, processors[name]) for name in names)
    columns = statement.selected_columns if statement.is_select else ()
    readers = tuple(
        column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
    )
    return _Compiled(str(compiled), order, compiled.positional, constants, readers)
