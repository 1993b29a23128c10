"""A comment with its assessment as a row of the database, and back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from moderation.domain.comment import Parent, Story
from moderation.domain.rules import Effect, RuleKind, RuleMatch
from moderation.domain.verdict import LABELS, Assessment, Label, Reason, SpamKind, Span, Verdict


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


def to_row(comment: StoredComment) -> dict[str, Any]:
    """Return the values of every column but the time of erasure."""
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


def from_row(row: Any) -> StoredComment:
    """Return what a row of all columns holds."""
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
