"""Comments that came in over the Akismet protocol, and what its keys are computed from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from moderation.domain.decision import Decision
from moderation.domain.verdict import Verdict
from moderation.storage.adapter_tables import akismet_checks, akismet_keys
from moderation.storage.schema import comments, decisions

_MOST_COMPARED = 50


@dataclass(frozen=True, slots=True)
class Check:
    """One ``comment-check``; ``callback`` is where the site wants to hear of a decision."""

    comment_pk: UUID
    site_id: int
    api_key_id: int
    text_hash: str
    callback: str
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A checked comment with the words asked for, and what else may tell it from others."""

    comment_pk: UUID
    article_id: str
    email_hash: str
    ip_hash: str
    author_name: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many checked comments of one month had one verdict and one decision."""

    year: int
    month: int
    verdict: Verdict
    decision: Decision | None
    count: int


_INSERT: dict[str, Any] = {
    name: dialect.insert(akismet_checks).on_conflict_do_nothing()
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


def add_nonce(tx: sa.Connection, api_key_id: int, nonce: str) -> None:
    """Store what a new key was computed from."""
    tx.execute(sa.insert(akismet_keys), {"api_key_id": api_key_id, "nonce": nonce})


def find_nonce(tx: sa.Connection, api_key_id: int) -> str | None:
    """Return what a key was computed from."""
    statement = sa.select(akismet_keys.c.nonce).where(akismet_keys.c.api_key_id == api_key_id)
    found: str | None = tx.execute(statement).scalar_one_or_none()
    return found


def add_check(tx: sa.Connection, check: Check) -> None:
    """Store a check; one of a comment that was checked before changes nothing."""
    tx.execute(
        _INSERT[tx.dialect.name],
        {
            "comment_pk": check.comment_pk,
            "site_id": check.site_id,
            "api_key_id": check.api_key_id,
            "text_hash": check.text_hash,
            "callback": check.callback,
            "checked_at": check.checked_at,
        },
    )


def find_check(tx: sa.Connection, comment_pk: UUID) -> Check | None:
    """Return the check a comment came in with, if it came in with one."""
    row = tx.execute(
        sa.select(akismet_checks).where(akismet_checks.c.comment_pk == comment_pk)
    ).one_or_none()
    return None if row is None else Check(**row._mapping)


def list_candidates(tx: sa.Connection, site_id: int, text_hash: str) -> list[Candidate]:
    """Return a site's checked comments with these words, the newest first."""
    statement = (
        sa.select(
            comments.c.id,
            comments.c.article_id,
            comments.c.author_email_hash,
            comments.c.author_ip_hash,
            comments.c.author_name,
        )
        .join(akismet_checks, akismet_checks.c.comment_pk == comments.c.id)
        .where(akismet_checks.c.site_id == site_id, akismet_checks.c.text_hash == text_hash)
        .order_by(comments.c.id.desc())
        .limit(_MOST_COMPARED)
    )
    return [Candidate(*row) for row in tx.execute(statement)]


def tally(tx: sa.Connection, api_key_id: int, *, since: datetime | None) -> list[Tally]:
    """Count a key's checked comments by month, verdict and last decision."""
    later = decisions.alias()
    is_last = ~sa.exists().where(
        later.c.comment_pk == decisions.c.comment_pk, later.c.seq > decisions.c.seq
    )
    checked_at = akismet_checks.c.checked_at
    groups = (
        sa.extract("year", checked_at).label("year"),
        sa.extract("month", checked_at).label("month"),
        comments.c.verdict,
        decisions.c.decision,
    )
    statement = (
        sa.select(*groups, sa.func.count())
        .select_from(akismet_checks)
        .join(comments, comments.c.id == akismet_checks.c.comment_pk)
        .outerjoin(decisions, sa.and_(decisions.c.comment_pk == comments.c.id, is_last))
        .where(akismet_checks.c.api_key_id == api_key_id)
        .group_by(*groups)
        .order_by("year", "month")
    )
    if since is not None:
        statement = statement.where(checked_at >= since)
    return [
        Tally(
            int(year), int(month), Verdict(verdict), Decision(decided) if decided else None, count
        )
        for year, month, verdict, decided, count in tx.execute(statement)
    ]
