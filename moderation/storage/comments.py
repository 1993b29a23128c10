"""Comments and the assessments the machine gave them."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from moderation.domain.verdict import Verdict
from moderation.storage.comment_rows import StoredAuthor as StoredAuthor
from moderation.storage.comment_rows import StoredComment as StoredComment
from moderation.storage.comment_rows import author_key as author_key
from moderation.storage.comment_rows import from_row, to_row
from moderation.storage.prepared import Prepared, Values
from moderation.storage.schema import comments

_COLUMNS = [column.name for column in comments.c if column.name != "erased_at"]


def _insert(dialect: str) -> Any:
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[dialect]
    given: Values = {name: sa.bindparam(name) for name in _COLUMNS}
    return insert(comments).values(given).on_conflict_do_nothing()


def _select_newer(_dialect: str) -> Any:
    return (
        sa.select(sa.literal_column("1"))
        .select_from(comments)
        .where(
            comments.c.site_id == sa.bindparam("site_id"),
            comments.c.comment_id == sa.bindparam("comment_id"),
            comments.c.revision > sa.bindparam("revision"),
        )
        .limit(1)
    )


_INSERT = Prepared(_insert)
_FIND_NEWER = Prepared(_select_newer)


def add(tx: sa.Connection, comment: StoredComment) -> bool:
    """Store a comment; return whether it was new, by ``(site, comment_id, revision)``."""
    return _INSERT.run_counting(tx, to_row(comment)) == 1


def find(tx: sa.Connection, site_id: int, pk: UUID) -> StoredComment | None:
    """Return a site's comment by our id for it."""
    return _find_one(tx, comments.c.id == pk, comments.c.site_id == site_id)


def find_revision(
    tx: sa.Connection, site_id: int, comment_id: str, revision: int
) -> StoredComment | None:
    """Return one revision of a site's comment by the site's own id for it."""
    return _find_one(
        tx,
        comments.c.site_id == site_id,
        comments.c.comment_id == comment_id,
        comments.c.revision == revision,
    )


def find_latest(tx: sa.Connection, site_id: int, comment_id: str) -> StoredComment | None:
    """Return the newest revision of a site's comment by the site's own id for it."""
    return _find_one(
        tx,
        comments.c.site_id == site_id,
        comments.c.comment_id == comment_id,
        order_by=comments.c.revision.desc(),
    )


def has_newer(tx: sa.Connection, site_id: int, comment_id: str, revision: int) -> bool:
    """Say whether a later revision of a comment has already been stored."""
    which = {"site_id": site_id, "comment_id": comment_id, "revision": revision}
    return bool(_FIND_NEWER.run(tx, which))


def find_all(tx: sa.Connection, pks: Iterable[UUID]) -> dict[UUID, StoredComment]:
    """Return the comments with these ids, by id."""
    rows = tx.execute(sa.select(comments).where(comments.c.id.in_(list(pks))))
    return {row.id: from_row(row) for row in rows}


def set_standing(tx: sa.Connection, pk: UUID, standing: Verdict) -> None:
    """Say how a comment stands, where no decision says it."""
    tx.execute(sa.update(comments).where(comments.c.id == pk).values(standing=standing.value))


def list_last(tx: sa.Connection, site_id: int, *, limit: int) -> Iterator[StoredComment]:
    """Give a site's last comments, the newest first, a few in memory at a time."""
    statement = (
        sa.select(comments)
        .where(comments.c.site_id == site_id)
        .order_by(comments.c.id.desc())
        .limit(limit)
        .execution_options(yield_per=500)
    )
    for row in tx.execute(statement):
        yield from_row(row)


def list_comment_ids(tx: sa.Connection, site_id: int, *, prefix: str) -> set[str]:
    """Return the site's own ids that begin with ``prefix``."""
    statement = sa.select(comments.c.comment_id).where(
        comments.c.site_id == site_id, comments.c.comment_id.startswith(prefix, autoescape=True)
    )
    return set(tx.execute(statement).scalars())


def _find_one(
    tx: sa.Connection, *where: sa.ColumnElement[bool], order_by: Any = None
) -> StoredComment | None:
    statement = sa.select(comments).where(*where).limit(1)
    if order_by is not None:
        statement = statement.order_by(order_by)
    row = tx.execute(statement).one_or_none()
    return None if row is None else from_row(row)
