"""Full-text search over stored comments, behind one function for both databases.

Keeping the index up to date would make every comment's way in dearer, so :func:`index_more` is
called now and then, and the few comments that came since are looked through one by one. What the
index consists of is each database's own; see the migration that makes it.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from moderation.storage.engine import Database
from moderation.storage.schema import comments

TABLE = "search_comments"
MOST_WORDS = 8
MOST_FOUND = 1_000
"""So many comments are found at most, the newest; a word that more have says little."""

MOST_UNINDEXED = 20_000
_MOST_RARE = 20_000
_SETTLED_MS = 600_000
_WORD = re.compile(r"[^\W_]+")
_PAGES = 200

_rowid: Any = sa.literal_column("comments.rowid", sa.Integer)
_has_text = comments.c.erased_at.is_(None)


def words_in(text: str) -> list[str]:
    """Return what is looked for: words, each of which may go on."""
    return _WORD.findall(text.lower())[:MOST_WORDS]


def find(tx: sa.Connection, text: str) -> list[UUID]:
    """Return the newest comments that hold words that begin so, as written or as read.

    At most ``MOST_FOUND``, in no order; a text without a word is found nowhere.
    """
    words = words_in(text)
    if not words:
        return []
    indexed = _find_in_sqlite if tx.dialect.name == "sqlite" else _find_in_postgresql
    return [*indexed(tx, words), *_find_since(tx, words)]


def index_more(tx: sa.Connection, *, limit: int) -> int:
    """Index comments stored since, the earliest first; return how many."""
    if tx.dialect.name == "postgresql":
        values = {"floor": _before(_last_in_postgresql(tx)), "limit": limit}
        return tx.execute(_INDEX_IN_POSTGRESQL, values).rowcount
    rows = tx.execute(
        sa.select(_rowid.label("number"), comments.c.text, comments.c.read_as)
        .where(_rowid > _last_in_sqlite(tx), _has_text)
        .order_by(_rowid)
        .limit(limit)
    ).all()
    if rows:
        tx.execute(
            sa.text("INSERT INTO search_comments (rowid, words) VALUES (:number, :words)"),
            [{"number": row.number, "words": f"{row.text} {row.read_as}"} for row in rows],
        )
    return len(rows)


def forget(tx: sa.Connection, pks: Sequence[UUID]) -> None:
    """Take comments out of the index; while they still have their text, for it names the words."""
    if tx.dialect.name == "postgresql":
        # Whoever indexes one of them at this moment is waited for, so that nothing comes back.
        tx.execute(sa.select(comments.c.id).where(comments.c.id.in_(pks)).with_for_update())
        table = sa.table(TABLE, sa.column("comment_pk", sa.Uuid))
        tx.execute(sa.delete(table).where(table.c.comment_pk.in_(pks)))
        return
    rows = tx.execute(
        sa.select(_rowid.label("number"), comments.c.text, comments.c.read_as).where(
            comments.c.id.in_(pks), _has_text, _rowid <= _last_in_sqlite(tx)
        )
    ).all()
    if rows:
        tx.execute(
            sa.text(
                "INSERT INTO search_comments (search_comments, rowid, words) "
                "VALUES ('delete', :number, :words)"
            ),
            [{"number": row.number, "words": f"{row.text} {row.read_as}"} for row in rows],
        )


def purge(database: Database) -> None:
    """Rewrite the index until no word of a forgotten comment is left in it."""
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(sa.text("VACUUM search_comments"))
        return
    merge = sa.text("INSERT INTO search_comments (search_comments, rank) VALUES ('merge', :pages)")
    pages, changed = -_PAGES, 2
    # A little at a time, so that comments can come in between.
    while changed > 1:
        with database.writing() as tx:
            before = tx.exec_driver_sql("SELECT total_changes()").scalar_one()
            tx.execute(merge, {"pages": pages})
            changed = tx.exec_driver_sql("SELECT total_changes()").scalar_one() - before
        pages = _PAGES


def indexed_until(tx: sa.Connection) -> datetime | None:
    """Return since when comments wait to be indexed; ``None`` when none does."""
    waiting, order = _since(tx)
    first = sa.select(comments.c.received_at).where(waiting, _has_text).order_by(order).limit(1)
    return tx.execute(first).scalar_one_or_none()


def _find_in_sqlite(tx: sa.Connection, words: Sequence[str]) -> list[UUID]:
    hits = (
        sa.text(
            "SELECT rowid FROM search_comments WHERE search_comments MATCH :wanted "
            "ORDER BY rowid DESC LIMIT :most"
        )
        .bindparams(wanted=" ".join(f'"{word}"*' for word in words), most=MOST_FOUND)
        .columns(sa.column("rowid", sa.Integer))
    )
    return list(tx.execute(sa.select(comments.c.id).where(_rowid.in_(hits))).scalars())


def _find_in_postgresql(tx: sa.Connection, words: Sequence[str]) -> list[UUID]:
    """Ask the index for a rare word, and the newest comments one by one for a common one.

    The planner cannot tell a rare beginning of a word from a common one, and either way is
    thousands of times too slow for the other; so it is told.
    """
    values = {"wanted": " & ".join(f"'{word}':*" for word in words), "most": MOST_FOUND}
    with _without(tx, "enable_seqscan", "enable_indexscan"):
        rows = tx.execute(_FIND_RARE, {**values, "rare": _MOST_RARE + 1}).all()
    if not rows or rows[0].number <= _MOST_RARE:
        return [row.comment_pk for row in rows]
    with _without(tx, "enable_seqscan", "enable_bitmapscan"):
        return list(tx.execute(_FIND_COMMON, values).scalars())


def _find_since(tx: sa.Connection, words: Sequence[str]) -> list[UUID]:
    """Look through what is not indexed yet, or through the last of it."""
    waiting, order = _since(tx)
    newest = (
        sa.select(comments.c.id, comments.c.text, comments.c.read_as)
        .where(waiting, _has_text)
        .order_by(order.desc())
        .limit(MOST_UNINDEXED)
        .subquery()
    )
    contained = (
        sa.or_(newest.c.text.icontains(word), newest.c.read_as.icontains(word)) for word in words
    )
    found = sa.select(newest.c.id).where(*contained).limit(MOST_FOUND)
    return list(tx.execute(found).scalars())


def _since(tx: sa.Connection) -> tuple[Any, Any]:
    """Return the condition for what came after the last that is indexed, and its order."""
    if tx.dialect.name == "sqlite":
        return _rowid > _last_in_sqlite(tx), _rowid
    return comments.c.id > _last_in_postgresql(tx), comments.c.id


def _last_in_sqlite(tx: sa.Connection) -> int:
    """Return the last indexed row; in SQLite rows are numbered in the order of their commits."""
    newest = "SELECT rowid FROM search_comments ORDER BY rowid DESC LIMIT 1"
    return tx.exec_driver_sql(newest).scalar() or 0


def _last_in_postgresql(tx: sa.Connection) -> UUID:
    newest = sa.text("SELECT comment_pk FROM search_comments ORDER BY comment_pk DESC LIMIT 1")
    return tx.execute(newest.columns(sa.column("comment_pk", sa.Uuid))).scalar() or UUID(int=0)


def _before(last: UUID) -> UUID:
    """Return an id some minutes earlier: what committed late, or under a clock set back."""
    return UUID(int=max(0, (last.int >> 80) - _SETTLED_MS) << 80)


@contextmanager
def _without(tx: sa.Connection, *ways: str) -> Iterator[None]:
    """Keep the planner from some ways for a block of this transaction."""
    for way in ways:
        tx.execute(sa.text(f"SET LOCAL {way} = off"))
    yield
    for way in ways:
        tx.execute(sa.text(f"SET LOCAL {way} = on"))


_UUIDS = sa.column("comment_pk", sa.Uuid)
_FIND_RARE = sa.text(
    "SELECT comment_pk, count(*) OVER () AS number FROM (SELECT comment_pk FROM search_comments "
    "WHERE words @@ to_tsquery('simple', :wanted) LIMIT :rare) AS hits "
    "ORDER BY comment_pk DESC LIMIT :most"
).columns(_UUIDS, sa.column("number", sa.Integer))
_FIND_COMMON = sa.text(
    "SELECT comment_pk FROM search_comments WHERE words @@ to_tsquery('simple', :wanted) "
    "ORDER BY comment_pk DESC LIMIT :most"
).columns(_UUIDS)
_INDEX_IN_POSTGRESQL = sa.text(
    "INSERT INTO search_comments (comment_pk, words) "
    r"SELECT id, to_tsvector('simple', regexp_replace(text || ' ' || read_as, '[\W_]+', ' ', 'g')) "
    "FROM comments WHERE id > :floor AND erased_at IS NULL AND NOT EXISTS "
    "(SELECT FROM search_comments WHERE comment_pk = id) "
    "ORDER BY id LIMIT :limit FOR SHARE OF comments "
    "ON CONFLICT DO NOTHING"
).bindparams(sa.bindparam("floor", type_=sa.Uuid))
