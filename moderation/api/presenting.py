"""Domain objects as the plain values the schemas describe."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response

from moderation.domain.decision import Ruling
from moderation.domain.rules import RuleMatch
from moderation.domain.verdict import Assessment, Reason, Span
from moderation.runtime import runtime
from moderation.services.records import Record
from moderation.storage.decisions import DecidedComment

# More digits would claim a precision that calibration does not have.
_DIGITS = 6


def answer(values: dict[str, Any], status: int = 200) -> Response:
    """Return what a ``present_…`` function made as the answer itself.

    It is what the schema describes (the tests check that); dumping it through the schema again
    costs half of what scoring the comment does.
    """
    return Response(json.dumps(values), status, mimetype="application/json")


def present_assessment(assessment: Assessment) -> dict[str, Any]:
    """Return the values of ``AssessmentOut``."""
    return {
        "verdict": assessment.verdict.value,
        "scores": {
            label.value: round(score, _DIGITS) for label, score in assessment.scores.items()
        },
        "reasons": [_present_reason(reason) for reason in assessment.reasons],
        "spam_kind": assessment.spam_kind and assessment.spam_kind.value,
        "rules": [_present_match(match) for match in assessment.rules],
        "read_as": assessment.read_as,
        "model_version": assessment.model_version,
        "policy_version": assessment.policy_version,
    }


def present_record(record: Record) -> dict[str, Any]:
    """Return the values of ``CommentOut``."""
    comment, ruling = record.comment, record.ruling
    if ruling is not None and not ruling.is_effective(runtime().clock()):
        ruling = None  # it may still be undone
    return {
        "id": str(comment.id),
        "comment_id": comment.comment_id,
        "revision": comment.revision,
        **present_assessment(comment.assessment),
        "queue_item": None if record.item is None else str(record.item.id),
        "decision": None if ruling is None else present_ruling(ruling),
    }


def present_item(record: Record) -> dict[str, Any]:
    """Return the values of ``ItemOut``; the record must have an item."""
    item, comment = record.item, record.comment
    if item is None:
        raise ValueError(f"comment {comment.id} never waited")
    return {
        "id": str(item.id),
        "version": item.version,
        "state": "open" if item.closed_at is None else "closed",
        "priority": round(item.priority, _DIGITS),
        "spot_check": item.spot_check,
        "opened_at": present_time(item.opened_at),
        "holder": item.holder,
        "lease_until": None if item.lease_until is None else present_time(item.lease_until),
        "comment": {
            **present_record(record),
            "text": comment.text,
            "article": {
                "id": comment.article.id,
                "url": comment.article.url,
                "title": comment.article.title,
                "section": comment.article.section,
                "summary": comment.article.summary,
            },
            "author_name": comment.author.name,
            "parent_text": comment.parent.text,
            "received_at": present_time(comment.received_at),
        },
    }


def present_ruling(ruling: Ruling) -> dict[str, Any]:
    """Return the values of ``RulingOut``."""
    return {
        "decision": ruling.decision.value,
        "labels": [label.value for label in ruling.labels],
        "note": ruling.note,
        "decided_by": ruling.signed_as or ruling.decided_by,
        "source": ruling.source.value,
        "decided_at": present_time(ruling.decided_at),
    }


def present_decided(decided: DecidedComment) -> dict[str, Any]:
    """Return the values of ``DecidedOut``."""
    return {
        **present_ruling(decided.ruling),
        "id": str(decided.id),
        "comment": str(decided.comment_pk),
        "comment_id": decided.comment_id,
        "revision": decided.revision,
        "cursor": str(decided.seq),
    }


def present_time(moment: datetime) -> str:
    """Return a time in UTC as RFC 3339 writes it."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _present_reason(reason: Reason) -> dict[str, Any]:
    return {
        "label": reason.label.value,
        "score": round(reason.score, _DIGITS),
        "threshold": round(reason.threshold, _DIGITS),
        "message": reason.message,
        "spans": _present_spans(reason.spans),
    }


def _present_match(match: RuleMatch) -> dict[str, Any]:
    return {
        "rule": match.rule,
        "kind": match.kind.value,
        "effect": match.effect.value,
        "version": match.version,
        "observed": match.observed,
        "message": match.message,
        "spans": _present_spans(match.spans),
    }


def _present_spans(spans: Sequence[Span]) -> list[dict[str, Any]]:
    return [{"start": span.start, "end": span.end, "text": span.text} for span in spans]
