"""Verdicts as Coral's external moderation phase reads them."""

from typing import Any

from flask import Response, jsonify

from moderation.domain.decision import Decision
from moderation.domain.verdict import Label, Reason, Verdict
from moderation.services.records import Record

# Coral's own list of reasons; the reader is shown the one that is given.
REJECTION_CODES: dict[Label, str] = {
    Label.SPAM: "SPAM",
    Label.ABUSE: "ABUSIVE",
    Label.HATE: "HATE_SPEECH",
    Label.THREAT: "HARASSMENT_BULLYING",
    Label.SEXUAL: "OFFENSIVE",
}


def no_opinion() -> Response:
    """Leave the comment to Coral's other phases."""
    return Response(status=204)


def hold(why: str) -> Response:
    """Let the comment wait for a person in Coral.

    Coral publishes whatever it gets an error, a late answer or an unreadable one about, so
    every failure here is this answer, with status 200.
    """
    response = jsonify(status="PREMOD")
    response.headers["X-Moderasi-Reason"] = why
    return response


def answer_record(record: Record) -> Response:
    """Answer for a stored comment; what a person decided outranks the machine's verdict."""
    assessment, ruling = record.comment.assessment, record.ruling
    if ruling is not None:
        decided = ruling.decision is Decision.REJECT
        return _reject(ruling.labels, "") if decided else no_opinion()
    if assessment.verdict is Verdict.APPROVE:
        return no_opinion()
    labels = tuple(reason.label for reason in assessment.reasons)
    if assessment.verdict is Verdict.REJECT:
        return _reject(labels, _explain(assessment.reasons))
    if not labels:
        return hold("unscored" if not assessment.scores else "unknown-language")
    return jsonify(status="SYSTEM_WITHHELD", actions=_flags(labels))


def _reject(labels: tuple[Label, ...], explanation: str) -> Response:
    reason: dict[str, Any] = {"code": REJECTION_CODES[labels[0]] if labels else "OTHER"}
    if explanation:
        reason["detailedExplanation"] = explanation
    return jsonify(
        status="REJECTED",
        actions=_flags(labels),
        moderationAction={"status": "REJECTED", "rejectionReason": reason},
    )


def _flags(labels: tuple[Label, ...]) -> list[dict[str, str]]:
    """Return Coral's flags: it knows of spam and of toxic, and of nothing between."""
    detected = {"SPAM" if label is Label.SPAM else "TOXIC" for label in labels}
    return [
        {"actionType": "FLAG", "reason": f"COMMENT_DETECTED_{kind}"} for kind in sorted(detected)
    ]


def _explain(reasons: tuple[Reason, ...]) -> str:
    return " ".join(reason.message for reason in reasons)
