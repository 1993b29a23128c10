"""What a comment was when somebody complained about it, kept so that it can be shown later."""

import hashlib
import json
from typing import Any

from moderation.services.records import Record


def collect(record: Record) -> dict[str, Any]:
    """Return a comment and what was decided about it as plain values."""
    comment, ruling = record.comment, record.ruling
    return {
        "comment_id": comment.comment_id,
        "revision": comment.revision,
        "text": comment.text,
        "author_name": comment.author.name,
        "article_title": comment.article.title,
        "article_url": comment.article.url,
        "received_at": comment.received_at.isoformat(),
        "verdict": comment.assessment.verdict.value,
        "model_version": comment.assessment.model_version,
        "decision": ruling.decision.value if ruling else None,
        "decided_at": ruling.decided_at.isoformat() if ruling else None,
    }


def digest(document: dict[str, Any]) -> str:
    """Return the hash that goes into the audit log, by which the snapshot is proved."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
