"""A reader asks what is kept of them, or asks to be forgotten; and nothing is kept for ever."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa

from moderation.services.access import LONGEST_SHIFT
from moderation.services.records import Record, complete
from moderation.services.throttling import WINDOW
from moderation.storage import (
    attempts,
    audit,
    comments,
    ended_sessions,
    outgrown,
    personal,
    shadow,
)
from moderation.storage.engine import Database
from moderation.storage.personal import Writer

SHADOW_KEPT = timedelta(days=90)
RULE_HITS_KEPT = timedelta(days=90)
SKIPS_KEPT = timedelta(days=1)
HOT_ARTICLES_KEPT = timedelta(days=1)
_BATCH = 500


class Forget(Protocol):
    """Drops a portion of what is older than a time, and says how much that was."""

    def __call__(self, tx: sa.Connection, before: datetime, *, limit: int) -> int:
        """Drop at most ``limit`` rows."""


@dataclass(frozen=True, slots=True)
class Retention:
    """For how long each kind of data is kept; ``None`` means as long as the database."""

    text: timedelta | None
    author: timedelta | None
    delivered: timedelta | None = None
    campaign: timedelta | None = None


def export_author(
    tx: sa.Connection, writer: Writer, *, actor: str, now: datetime
) -> list[dict[str, Any]]:
    """Return everything kept of one person, as plain values, and note that it was asked for."""
    pks = personal.find_written_by(tx, writer)
    exported = []
    for start in range(0, len(pks), _BATCH):
        some = pks[start : start + _BATCH]
        found = comments.find_all(tx, some)
        exported += [_as_plain(complete(tx, found[pk])) for pk in some]
    _note(tx, "author.export", writer, len(pks), actor=actor, now=now)
    return exported


def erase_author(tx: sa.Connection, writer: Writer, *, actor: str, now: datetime) -> int:
    """Forget one person; return how many of their comments became tombstones."""
    pks = personal.find_written_by(tx, writer)
    personal.erase_quotes(tx, pks)
    personal.erase_texts(tx, pks, now=now)
    personal.erase_authors(tx, pks)
    personal.erase_answers(tx)
    _note(tx, "author.erase", writer, len(pks), actor=actor, now=now)
    return len(pks)


def retain(
    database: Database, retention: Retention, *, actor: str, now: datetime
) -> Mapping[str, int]:
    """Erase what is older than its time; return how many there were of each kind of data.

    A comment that waits for a person keeps its text. The work is done a portion a transaction,
    so that comments can come in between.
    """
    done: dict[str, int] = {}
    if retention.text is not None:
        done["text"] = sum(_erase_old_texts(database, now - retention.text, now))
    if retention.author is not None:
        done["author"] = sum(_erase_old_authors(database, now - retention.author))
    if retention.delivered is not None:
        done["delivered"] = _drop(database, outgrown.forget_deliveries, now - retention.delivered)
    if retention.campaign is not None:
        done["campaign"] = _drop(database, outgrown.forget_campaigns, now - retention.campaign)
    _drop(database, outgrown.forget_rule_hits, now - RULE_HITS_KEPT)
    _drop(database, outgrown.forget_skips, now - SKIPS_KEPT)
    _drop(database, outgrown.forget_hot_articles, now - HOT_ARTICLES_KEPT)
    with database.writing() as tx:
        attempts.forget_before(tx, now - WINDOW)
        shadow.forget_before(tx, now - SHADOW_KEPT)
        ended_sessions.forget_before(tx, now - LONGEST_SHIFT)
        audit.record(tx, at=now, actor=actor, act="retain", subject="comments", detail=done)
    return done


def _erase_old_texts(database: Database, cutoff: datetime, now: datetime) -> Iterator[int]:
    def erase(tx: sa.Connection, after: UUID | None) -> list[UUID]:
        pks = personal.list_texts_before(tx, cutoff, after=after, limit=_BATCH)
        personal.erase_texts(tx, pks, now=now)
        return pks

    return _in_portions(database, erase)


def _erase_old_authors(database: Database, cutoff: datetime) -> Iterator[int]:
    def erase(tx: sa.Connection, after: UUID | None) -> list[UUID]:
        pks = personal.list_authors_before(tx, cutoff, after=after, limit=_BATCH)
        personal.erase_authors(tx, pks)
        return pks

    return _in_portions(database, erase)


def _drop(database: Database, forget: Forget, before: datetime) -> int:
    total = 0
    while True:
        with database.writing() as tx:
            count = forget(tx, before, limit=_BATCH)
        total += count
        if count < _BATCH:
            return total


def _in_portions(
    database: Database, erase: Callable[[sa.Connection, UUID | None], list[UUID]]
) -> Iterator[int]:
    after: UUID | None = None
    while True:
        with database.writing() as tx:
            pks = erase(tx, after)
        if not pks:
            return
        after = pks[-1]
        yield len(pks)


def _note(
    tx: sa.Connection, act: str, writer: Writer, count: int, *, actor: str, now: datetime
) -> None:
    """Write the act into the audit log, without naming the person whom it concerns."""
    by = "author" if writer.author_id is not None else "email"
    audit.record(
        tx,
        at=now,
        actor=actor,
        act=act,
        subject=f"{count} comments",
        site_id=writer.site_id,
        detail={"by": by, "comments": count},
    )


def _as_plain(record: Record) -> dict[str, Any]:
    comment, ruling = record.comment, record.ruling
    article, author, parent = comment.article, comment.author, comment.parent
    return {
        "id": str(comment.id),
        "comment_id": comment.comment_id,
        "revision": comment.revision,
        "received_at": comment.received_at.isoformat(),
        "submitted_at": comment.submitted_at and comment.submitted_at.isoformat(),
        "erased_at": comment.erased_at and comment.erased_at.isoformat(),
        "text": comment.text,
        "article": {"id": article.id, "url": article.url, "title": article.title},
        "parent": {"comment_id": parent.comment_id, "text": parent.text},
        "author": {
            "id": author.id,
            "name": author.name,
            "url": author.url,
            "user_agent": author.user_agent,
            "email_hash": author.email_hash,
            "ip_hash": author.ip_hash,
            "network": author.network,
        },
        "assessment": _assessment_as_plain(record),
        "decision": ruling
        and {
            "decision": ruling.decision.value,
            "labels": [label.value for label in ruling.labels],
            "note": ruling.note,
            "source": ruling.source.value,
            "decided_at": ruling.decided_at.isoformat(),
        },
        "decided_by_a_person": ruling is not None,
    }


def _assessment_as_plain(record: Record) -> dict[str, Any]:
    assessment = record.comment.assessment
    return {
        "verdict": assessment.verdict.value,
        "scores": {label.value: score for label, score in assessment.scores.items()},
        "reasons": [
            {"label": reason.label.value, "message": reason.message}
            for reason in assessment.reasons
        ],
        "spam_kind": assessment.spam_kind and assessment.spam_kind.value,
        "read_as": assessment.read_as,
        "model_version": assessment.model_version,
        "policy_version": assessment.policy_version,
    }
