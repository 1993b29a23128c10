"""Comments and the assessments the machine gave them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from moderation.domain.comment import Parent, Story
from moderation.domain.rules import Effect, RuleKind, RuleMatch
from moderation.domain.verdict import LABELS, Assessment, Label, Reason, SpamKind, Span, Verdict
from moderation.storage.prepared import Prepared, Values
from moderation.storage.schema import comments


@dataclass(frozen=True, slots=True)
class StoredAuthor:
    """What is kept of the writer: no e-mail and no address, only their keyed hashes."""

    id: str
    name: str
    url: str
    user_agent: str
    email_hash: str
    ip_hash: str
    network: str

    @property
    def key(self) -> str:
        """Whose history a comment belongs to; empty for somebody with only a name."""
        return author_key(self.id, self.email_hash)


@dataclass(frozen=True, slots=True)
class StoredComment:
    """One revision of a comment with its assessment, as it lies in the database."""

    id: UUID
    site_id: int
    comment_id: str
    revision: int
    content_digest: str
    text: str
    article: Story
    author: StoredAuthor
    parent: Parent
    submitted_at: datetime | None
    received_at: datetime
    assessment: Assessment
    erased_at: datetime | None = None
    campaign_id: UUID | None = None


def author_key(author_id: str, email_hash: str) -> str:
    """Return the key of an author's history: the site's user id, else the e-mail's hash.

    A name alone is nobody's: anybody can write it.
    """
    if author_id:
        return f"id:{author_id}"
    return f"email:{email_hash}" if email_hash else ""


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
    return _INSERT.run_counting(tx, _to_row(comment)) == 1


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
    return {row.id: _from_row(row) for row in rows}


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
        yield _from_row(row)


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
    return None if row is None else _from_row(row)


def _to_row(comment: StoredComment) -> dict[str, Any]:
    article, author, assessment = comment.article, comment.author, comment.assessment
    row = {
        "id": comment.id,
        "site_id": comment.site_id,
        "comment_id": comment.comment_id,
        "revision": comment.revision,
        "content_digest": comment.content_digest,
        "text": comment.text,
        "article_id": article.id,
        "article_url": article.url,
        "article_title": article.title,
        "article_section": article.section,
        "article_summary": article.summary,
        "author_id": author.id,
        "author_name": author.name,
        "author_url": author.url,
        "author_agent": author.user_agent,
        "author_email_hash": author.email_hash,
        "author_ip_hash": author.ip_hash,
        "author_network": author.network,
        "parent_comment_id": comment.parent.comment_id,
        "parent_text": comment.parent.text,
        "submitted_at": comment.submitted_at,
        "received_at": comment.received_at,
        "verdict": assessment.verdict.value,
        "reasons": [_reason_to_json(reason) for reason in assessment.reasons],
        "read_as": assessment.read_as,
        "model_version": assessment.model_version,
        "policy_version": assessment.policy_version,
        "rules": [_match_to_json(match) for match in assessment.rules],
        "author_key": author.key,
        "standing": assessment.verdict.value,
        "campaign_id": comment.campaign_id,
        "spam_kind": assessment.spam_kind and assessment.spam_kind.value,
    }
    for label in LABELS:
        row[f"score_{label}"] = assessment.scores.get(label)
    return row


def _from_row(row: Any) -> StoredComment:
    fields = row._mapping
    return StoredComment(
        id=row.id,
        site_id=row.site_id,
        comment_id=row.comment_id,
        revision=row.revision,
        content_digest=row.content_digest,
        text=row.text,
        article=Story(
            id=row.article_id,
            url=row.article_url,
            title=row.article_title,
            section=row.article_section,
            summary=row.article_summary,
        ),
        author=StoredAuthor(
            id=row.author_id,
            name=row.author_name,
            url=row.author_url,
            user_agent=row.author_agent,
            email_hash=row.author_email_hash,
            ip_hash=row.author_ip_hash,
            network=row.author_network,
        ),
        parent=Parent(row.parent_comment_id, row.parent_text),
        submitted_at=row.submitted_at,
        received_at=row.received_at,
        assessment=Assessment(
            verdict=Verdict(row.verdict),
            scores={
                label: fields[f"score_{label}"]
                for label in LABELS
                if fields[f"score_{label}"] is not None
            },
            reasons=tuple(_reason_from_json(document) for document in row.reasons),
            read_as=row.read_as,
            model_version=row.model_version,
            policy_version=row.policy_version,
            rules=tuple(_match_from_json(document) for document in row.rules),
            spam_kind=None if row.spam_kind is None else SpamKind(row.spam_kind),
        ),
        erased_at=row.erased_at,
        campaign_id=row.campaign_id,
    )


def _reason_to_json(reason: Reason) -> dict[str, Any]:
    return {
        "label": reason.label.value,
        "score": reason.score,
        "threshold": reason.threshold,
        "message": reason.message,
        "spans": [{"start": s.start, "end": s.end, "text": s.text} for s in reason.spans],
    }


def _reason_from_json(document: dict[str, Any]) -> Reason:
    return Reason(
        label=Label(document["label"]),
        score=document["score"],
        threshold=document["threshold"],
        message=document["message"],
        spans=tuple(Span(**span) for span in document["spans"]),
    )


def _match_to_json(match: RuleMatch) -> dict[str, Any]:
    return {
        "rule": match.rule,
        "kind": match.kind.value,
        "effect": match.effect.value,
        "version": match.version,
        "observed": match.observed,
        "sure": match.sure,
        "step": match.step,
        "rule_id": match.rule_id,
        "message": match.message,
        "spans": [{"start": s.start, "end": s.end, "text": s.text} for s in match.spans],
    }


def _match_from_json(document: dict[str, Any]) -> RuleMatch:
    return RuleMatch(
        rule=document["rule"],
        kind=RuleKind(document["kind"]),
        effect=Effect(document["effect"]),
        version=document["version"],
        message=document["message"],
        spans=tuple(Span(**span) for span in document["spans"]),
        observed=document["observed"],
        sure=document["sure"],
        step=document["step"],
        rule_id=document["rule_id"],
    )
