"""The stored comments as an archive, in the order they came in."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from moderation.storage.archive import BATCH, Batch
from moderation.storage.engine import Database
from moderation.storage.schema import comments, sites

_COLUMNS = (
    comments.c.id,
    sites.c.name.label("site"),
    comments.c.comment_id,
    comments.c.revision,
    comments.c.text,
    comments.c.article_title,
    comments.c.article_section,
    comments.c.article_summary,
    comments.c.parent_text,
    comments.c.verdict,
    comments.c.model_version,
)


class StoredComments:
    """Every comment up to the newest one, or up to ``last``; those without a text are left out.

    Each batch is read in a transaction of its own, so a long run holds nothing up.
    """

    def __init__(self, database: Database, last: UUID | None = None) -> None:
        self._database = database
        with database.reading() as tx:
            self._last = last or _newest(tx)
            self.total = _count(tx, self._last)
        self.identity = {"kind": "database", "last": self._last and str(self._last)}

    def batches(self, after: Mapping[str, Any] | None) -> Iterator[Batch]:
        """Yield what came in after the comment that ``after`` names."""
        row = after["row"] if after else 0
        pk = UUID(after["id"]) if after else None
        while rows := self._read(pk):
            first, pk = row + 1, rows[-1].id
            row += len(rows)
            yield Batch(first, [_as_row(one) for one in rows], {"row": row, "id": str(pk)})

    def _read(self, after: UUID | None) -> list[Any]:
        statement = (
            sa.select(*_COLUMNS)
            .join(sites, sites.c.id == comments.c.site_id)
            .where(*_wanted(self._last))
            .order_by(comments.c.id)
            .limit(BATCH)
        )
        if after is not None:
            statement = statement.where(comments.c.id > after)
        with self._database.reading() as tx:
            return list(tx.execute(statement))


def _newest(tx: sa.Connection) -> UUID | None:
    return tx.execute(
        sa.select(comments.c.id).order_by(comments.c.id.desc()).limit(1)
    ).scalar_one_or_none()


def _count(tx: sa.Connection, last: UUID | None) -> int:
    return tx.execute(
        sa.select(sa.func.count()).select_from(comments).where(*_wanted(last))
    ).scalar_one()


def _wanted(last: UUID | None) -> tuple[sa.ColumnElement[bool], ...]:
    if last is None:
        return (sa.false(),)
    return comments.c.id <= last, comments.c.erased_at.is_(None)


def _as_row(row: Any) -> dict[str, Any]:
    fields = dict(row._mapping)
    before = {"verdict": fields.pop("verdict"), "model_version": fields.pop("model_version")}
    return {**fields, "id": str(row.id), "before": before}
