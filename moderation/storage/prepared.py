"""Statements of the write path, compiled once and run by the driver itself.

SQLAlchemy's execution costs several times what these small statements do; the SQL, the order of
parameters and the conversion of their values still come from it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

Values = Mapping[str, Any]
_Processor = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    order: tuple[str, ...] | None
    processors: tuple[tuple[str, _Processor], ...]
    constants: Values

    def arrange(self, values: Values) -> Any:
        """Return the values as the driver takes them."""
        converted = {name: work(values[name]) for name, work in self.processors}
        values = {**self.constants, **values, **converted}
        return values if self.order is None else [values[name] for name in self.order]


class Prepared:
    """One statement for every dialect; its parameters are the statement's bind names.

    Rows come back as the driver gives them: times, ids and booleans are not converted.
    """

    def __init__(self, build: Callable[[str], Any]) -> None:
        self._build = build
        self._compiled: dict[str, _Compiled] = {}

    def run(self, tx: sa.Connection, values: Values) -> list[Any]:
        """Run the statement, and return its rows if it has any."""
        compiled = self._for(tx)
        cursor = tx.connection.cursor()
        try:
            cursor.execute(compiled.sql, compiled.arrange(values))
            return list(cursor.fetchall()) if cursor.description is not None else []
        finally:
            cursor.close()

    def run_many(self, tx: sa.Connection, rows: Iterable[Values]) -> None:
        """Run the statement for each of several rows of values."""
        compiled = self._for(tx)
        arranged: Sequence[Any] = [compiled.arrange(values) for values in rows]
        cursor = tx.connection.cursor()
        try:
            cursor.executemany(compiled.sql, arranged)
        finally:
            cursor.close()

    def _for(self, tx: sa.Connection) -> _Compiled:
        compiled = self._compiled.get(tx.dialect.name)
        if compiled is None:
            compiled = self._compiled[tx.dialect.name] = _compile(
                self._build(tx.dialect.name), tx.dialect
            )
        return compiled


def _compile(statement: Any, dialect: sa.Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect)
    processors: list[tuple[str, _Processor]] = []
    constants: dict[str, Any] = {}
    for name, bind in compiled.binds.items():
        processor = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if not bind.required:
            constants[name] = processor(bind.value) if processor else bind.value
        elif processor is not None:
            processors.append((name, processor))
    order = tuple(compiled.positiontup) if compiled.positional else None
    return _Compiled(str(compiled), order, tuple(processors), constants)
