"""Verdicts and decisions as Akismet's clients read them: exact bodies, telling headers."""

from flask import Response

from moderation.adapters.akismet.form import Form, came_over_rest
from moderation.domain.decision import Decision, Ruling
from moderation.domain.rules import may_discard
from moderation.domain.verdict import Assessment, Verdict
from moderation.services.akismet_callback import guid_of
from moderation.services.records import Record

THANKS = "Thanks for making the web a better place."
_VERDICTS = {Decision.APPROVE: Verdict.APPROVE, Decision.REJECT: Verdict.REJECT}


def say(body: str, **headers: str) -> Response:
    """Answer with exactly this text; clients compare it byte for byte, and read no status."""
    response = Response(body, mimetype="text/plain")
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def refuse_key(help_: str) -> Response:
    """Answer a call whose key opens nothing."""
    return say("invalid", X_akismet_debug_help=help_)


def hold(error: str, form: Form) -> Response:
    """Answer a check that could not be made: the site holds the comment and asks again.

    The error header alone makes WordPress hold without ever asking again; a body that is
    neither true nor false adds the second attempt.
    """
    if came_over_rest(form) and not form.get("recheck_reason"):
        return _file_as_spam(error)
    return say("error", X_akismet_error=error)


def answer_record(record: Record, form: Form) -> Response:
    """Answer for a stored comment; what a person decided outranks the machine's verdict."""
    assessment = record.comment.assessment
    response = _answer(_verdict(assessment, record.ruling), form)
    response.headers["X-akismet-guid"] = guid_of(record.comment.id)
    _explain(response, assessment, record.ruling)
    return response


def answer_assessment(assessment: Assessment, form: Form) -> Response:
    """Answer for a comment that is stored nowhere, so that there is nothing to refer to later."""
    response = _answer(assessment.verdict, form)
    _explain(response, assessment, None)
    return response


def _verdict(assessment: Assessment, ruling: Ruling | None) -> Verdict:
    return assessment.verdict if ruling is None else _VERDICTS[ruling.decision]


def _answer(verdict: Verdict, form: Form) -> Response:
    if verdict is Verdict.APPROVE:
        return say("false")
    if verdict is Verdict.REJECT:
        return say("true")
    if form.get("recheck_reason"):
        # A recheck reads the body alone: `false` would publish the comment, `true` file it as
        # spam. Any other body leaves it where it is, pending.
        return say("review", X_akismet_error="waiting for a moderator")
    if came_over_rest(form):
        return _file_as_spam("waiting for a moderator")
    return say("false", X_akismet_error="waiting for a moderator")


def _file_as_spam(why: str) -> Response:
    """Hold a comment that came over WordPress's REST API.

    There WordPress has set the status before it asks us, and only `true` without an error changes
    it: the comment waits among the spam rather than in public.
    """
    return say("true", X_Moderasi_Reason=why)


def _explain(response: Response, assessment: Assessment, ruling: Ruling | None) -> None:
    """Name labels, scores and thresholds in a header no client of Akismet's stumbles over.

    A sure copy of a campaign that people rejected may be discarded unseen; nothing else may.
    """
    if ruling is None and assessment.verdict is Verdict.REJECT and may_discard(assessment.rules):
        response.headers["X-akismet-pro-tip"] = "discard"
    if ruling is not None:
        response.headers["X-Moderasi-Reason"] = f"decided={ruling.decision.value}"
        return
    reasons = [
        f"{reason.label.value};score={reason.score:.3f};threshold={reason.threshold:.3f}"
        for reason in assessment.reasons
    ]
    if not reasons and assessment.verdict is Verdict.REVIEW:
        reasons = ["unscored"] if not assessment.scores else ["unknown-language"]
    if reasons:
        response.headers["X-Moderasi-Reason"] = ", ".join(reasons)
