"""Find what one writer wrote, and take personal data out of rows that stay.

What is left of a comment is a tombstone: its ids, verdict, scores and decisions, so that counts,
decisions and the audit log stay true.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from moderation.storage import complaints, search
from moderation.storage.adapter_tables import akismet_checks, idempotent_answers
from moderation.storage.schema import comments, decisions, queue_items

_AUTHOR_FIELDS = (
    "author_id",
    "author_name",
    "author_url",
    "author_agent",
    "author_email_hash",
    "author_ip_hash",
    "author_network",
    "author_key",
)
# SQLite takes 32,766 parameters a statement; this leaves room.
_MOST_PARAMETERS = 10_000


@dataclass(frozen=True, slots=True)
class Writer:
    """One person: by a site's id for them, or by the hash of their e-mail address."""

    site_id: int | None = None
    author_id: str | None = None
    email_hash: str | None = None

    def matches(self) -> list[sa.ColumnElement[bool]]:
        """Return the condition for this person's comments; it is never without one."""
        where: list[sa.ColumnElement[bool]] = []
        if self.author_id is not None:
            where.append(comments.c.author_id == self.author_id)
        if self.email_hash is not None:
            where.append(comments.c.author_email_hash == self.email_hash)
        if not where or "" in {self.author_id, self.email_hash}:
            raise ValueError("nobody is named")
        if self.site_id is not None:
            where.append(comments.c.site_id == self.site_id)
        return where


def find_written_by(tx: sa.Connection, writer: Writer) -> list[UUID]:
    """Return the ids of everything a person wrote, the oldest first."""
    statement = sa.select(comments.c.id).where(*writer.matches()).order_by(comments.c.id)
    return list(tx.execute(statement).scalars())


def list_texts_before(
    tx: sa.Connection, cutoff: datetime, *, after: UUID | None, limit: int
) -> list[UUID]:
    """Return comments received before a time that still have their text and wait for nobody."""
    waits = sa.exists().where(
        queue_items.c.comment_pk == comments.c.id, queue_items.c.closed_at.is_(None)
    )
    return _list_before(tx, cutoff, after, limit, comments.c.erased_at.is_(None), ~waits)


def list_authors_before(
    tx: sa.Connection, cutoff: datetime, *, after: UUID | None, limit: int
) -> list[UUID]:
    """Return comments received before a time that still say who wrote them."""
    named = sa.or_(*(comments.c[name] != "" for name in _AUTHOR_FIELDS))
    return _list_before(tx, cutoff, after, limit, named)


def erase_texts(tx: sa.Connection, pks: Sequence[UUID], *, now: datetime) -> None:
    """Take out the text, and everything that quotes it; close what waited for a decision."""
    for some in _portions(pks):
        search.forget(tx, some)
        complaints.forget_evidence(tx, some)
        _strip_reasons(tx, some)
        tx.execute(
            sa.update(comments)
            .where(comments.c.id.in_(some))
            .values(text="", read_as="", parent_text="", content_digest="", erased_at=now)
        )
        tx.execute(sa.update(decisions).where(decisions.c.comment_pk.in_(some)).values(note=""))
        tx.execute(
            sa.update(queue_items).where(queue_items.c.comment_pk.in_(some)).values(likeness="")
        )
        # A hash of a short text gives it away to whoever guesses it.
        tx.execute(
            sa.update(akismet_checks)
            .where(akismet_checks.c.comment_pk.in_(some))
            .values(text_hash="")
        )
        tx.execute(
            sa.update(queue_items)
            .where(queue_items.c.comment_pk.in_(some), queue_items.c.closed_at.is_(None))
            .values(closed_at=now, holder=None, lease_until=None, version=queue_items.c.version + 1)
        )


def erase_authors(tx: sa.Connection, pks: Sequence[UUID]) -> None:
    """Take out who wrote: name, address, device, and the hashes that join their comments."""
    for some in _portions(pks):
        tx.execute(
            sa.update(comments)
            .where(comments.c.id.in_(some))
            .values(dict.fromkeys(_AUTHOR_FIELDS, ""))
        )


def erase_quotes(tx: sa.Connection, pks: Sequence[UUID]) -> None:
    """Take the texts of these comments out of the answers to them, which hold a copy."""
    for some in _portions(pks):
        names = sa.select(comments.c.site_id, comments.c.comment_id).where(comments.c.id.in_(some))
        tx.execute(
            sa.update(comments)
            .where(
                sa.tuple_(comments.c.site_id, comments.c.parent_comment_id).in_(names),
                comments.c.parent_text != "",
            )
            .values(parent_text="")
        )


def erase_answers(tx: sa.Connection) -> None:
    """Forget the answers kept for repeated requests, which quote texts: nothing finds whose."""
    tx.execute(sa.delete(idempotent_answers))


def _portions(pks: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(pks), _MOST_PARAMETERS):
        yield pks[start : start + _MOST_PARAMETERS]


def _list_before(
    tx: sa.Connection,
    cutoff: datetime,
    after: UUID | None,
    limit: int,
    *where: sa.ColumnElement[bool],
) -> list[UUID]:
    statement = sa.select(comments.c.id).where(comments.c.received_at < cutoff, *where)
    if after is not None:
        statement = statement.where(comments.c.id > after)
    return list(tx.execute(statement.order_by(comments.c.id).limit(limit)).scalars())


def _strip_reasons(tx: sa.Connection, pks: Sequence[UUID]) -> None:
    """Leave label, score and threshold of each reason; message and spans quote the text."""
    columns = comments.c.id, comments.c.reasons, comments.c.rules
    rows = tx.execute(sa.select(*columns).where(comments.c.id.in_(pks)))
    changes: list[dict[str, Any]] = [
        {"pk": row.id, "reasons_left": _unquoted(row.reasons), "rules_left": _unquoted(row.rules)}
        for row in rows
        if row.reasons or row.rules
    ]
    if changes:
        tx.execute(
            sa.update(comments)
            .where(comments.c.id == sa.bindparam("pk"))
            .values(reasons=sa.bindparam("reasons_left"), rules=sa.bindparam("rules_left")),
            changes,
        )


def _unquoted(reasons: Sequence[Any]) -> list[Any]:
    return [{**reason, "message": "", "spans": []} for reason in reasons]
