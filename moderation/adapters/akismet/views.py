"""The calls of the protocol; HTTP status 200 for every answer, errors too, as clients expect."""

import logging
from collections.abc import Callable

from apiflask import APIBlueprint
from flask import Response, g, request
from werkzeug.exceptions import HTTPException

from moderation.adapters.akismet import account
from moderation.adapters.akismet.answers import (
    THANKS,
    answer_assessment,
    answer_record,
    hold,
    refuse_key,
    say,
)
from moderation.adapters.akismet.form import (
    LONGEST_CONTENT,
    Form,
    as_submission,
    is_guaranteed_spam,
    is_set,
    read_form,
)
from moderation.adapters.akismet.keys import find_key, find_key_to_verify
from moderation.domain.decision import Decision
from moderation.errors import InvalidError, ModerationError
from moderation.runtime import runtime
from moderation.services import akismet
from moderation.services.scoring import score
from moderation.services.webhooks import check_url
from moderation.storage.sites import ApiKey

logger = logging.getLogger(__name__)

# Documented in docs/integrations, not in the OpenAPI document.
blueprint = APIBlueprint("akismet", __name__, enable_openapi=False)


@blueprint.route(
    "/<any('1.1', '1.2'):version>/<call>", methods=["GET", "POST"], strict_slashes=False
)
@blueprint.route(
    "/<key>/<any('1.1', '1.2'):version>/<call>", methods=["GET", "POST"], strict_slashes=False
)
def answer(version: str, call: str, key: str = "") -> Response:
    """Answer a call of the protocol; either version answers every call."""
    form = g.akismet_form = read_form(request)
    if call == "test":
        return say("connected")
    if call == "verify-key":
        found = find_key_to_verify(form, key)
        return say("valid") if found else refuse_key("The key is unknown, expired or revoked.")
    view = _CALLS.get(call)
    if view is None:
        return say("unknown call", X_akismet_debug_help=f"Known calls: {', '.join(_CALLS)}")
    found = find_key(form, key)
    if found is None:
        return refuse_key("Send a valid api_key.")
    return view(found, form)


def check(key: ApiKey, form: Form) -> Response:
    """Say whether a comment is spam, after storing it; a test is stored nowhere."""
    if is_guaranteed_spam(form):
        return say("true", X_Moderasi_Reason="test-vector")
    if "administrator" in form.get("user_role", "").split(","):
        return say("false", X_Moderasi_Reason="user-role-administrator")
    if not form.get("comment_content", "").strip():
        return hold("comment_content is empty: there is nothing to read", form)
    if len(form["comment_content"]) > LONGEST_CONTENT:
        return hold(f"comment_content is longer than {LONGEST_CONTENT} characters", form)
    submission = as_submission(form, from_wordpress=_is_wordpress(form))
    service = runtime()
    if is_set(form, "is_test"):
        passages = [submission.passage()]
        (assessment,) = score(service.intake, key.site, passages, now=service.clock())
        return answer_assessment(assessment, form)
    record = akismet.check(
        service.intake,
        key,
        submission,
        callback=_callback(form),
        again=bool(form.get("recheck_reason")),
        now=service.clock(),
    )
    return answer_record(record, form)


def submit_spam(key: ApiKey, form: Form) -> Response:
    """Learn that the site's people call a comment spam."""
    return _report(key, form, Decision.REJECT)


def submit_ham(key: ApiKey, form: Form) -> Response:
    """Learn that the site's people found a comment good."""
    return _report(key, form, Decision.APPROVE)


def _report(key: ApiKey, form: Form, decision: Decision) -> Response:
    content = form.get("comment_content", "")
    if is_set(form, "is_test") or is_guaranteed_spam(form) or not content.strip():
        return say(THANKS)
    service = runtime()
    akismet.report(
        service.intake,
        key,
        as_submission({**form, "comment_content": content[:LONGEST_CONTENT]}, from_wordpress=False),
        decision=decision,
        reporter=form.get("reporter", "")[:500],
        now=service.clock(),
    )
    return say(THANKS)


def token(key: ApiKey, form: Form) -> Response:
    """Give the dashboard a token; it opens nothing here."""
    return say(key.hint)


def deactivate(key: ApiKey, form: Form) -> Response:
    """Acknowledge that a site stops asking; its key stays good until it is revoked here."""
    return say("deactivated")


_CALLS: dict[str, Callable[[ApiKey, Form], Response]] = {
    "comment-check": check,
    "submit-spam": submit_spam,
    "submit-ham": submit_ham,
    "get-subscription": account.get_subscription,
    "get-stats": account.get_stats,
    "key-sites": account.key_sites,
    "usage-limit": account.usage_limit,
    "token": token,
    "deactivate": deactivate,
}


@blueprint.errorhandler(HTTPException)
def refuse(error: HTTPException) -> Response:
    """Answer what the framework refused, such as too large a body: the site holds."""
    return hold(f"{error.code} {error.name}", _form())


@blueprint.errorhandler(ModerationError)
def refuse_expected(error: ModerationError) -> Response:
    """Answer an expected failure: the site holds."""
    return hold("the comment could not be taken; look at the log of the service", _form())


@blueprint.errorhandler(Exception)
def fail(error: Exception) -> Response:
    """Answer a failure of ours: never a 500, which some clients read as a pass."""
    # Not the path: it may hold the key.
    logger.exception("an Akismet call failed: %s", (request.view_args or {}).get("call"))
    return hold("the service failed; the comment is not stored here", _form())


def _form() -> Form:
    """Return what was read of the request before it failed."""
    form: Form = g.get("akismet_form", {})
    return form


def _is_wordpress(form: Form) -> bool:
    """Say whether Akismet's own plugin asks; a filter of the site's may change its user agent."""
    agent = request.headers.get("User-Agent", "")
    return agent.startswith("WordPress/") or "akismet_comment_nonce" in form


def _callback(form: Form) -> str:
    """Return where the site wants to hear of decisions, if that could ever be sent to."""
    callback = form.get("callback", "").strip()
    if not (callback.isascii() and callback.isprintable() and len(callback) <= 2_000):
        return ""
    try:
        check_url(callback, allow_http=runtime().settings.webhook_private)
    except InvalidError:
        return ""
    return callback
