"""The one call Coral makes, before it stores a comment or an edit of one."""

import hashlib
import hmac
import json
import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from moderation.adapters.coral.answers import answer_record, hold, no_opinion
from moderation.domain.comment import LONGEST_TEXT, Author, Parent, Story, Submission
from moderation.runtime import runtime
from moderation.services.records import Record
from moderation.storage import coral
from moderation.storage.sites import Site

# Coral waits 200 ms if nobody told it otherwise, and then publishes. What is left is for the
# network and for Coral itself.
LONGEST_WORK_S = 0.15
_STAFF = {"STAFF", "MODERATOR", "ADMIN"}
_LONGEST_FIELD = 500

logger = logging.getLogger(__name__)

# Documented in docs/integrations, not in the OpenAPI document.
blueprint = APIBlueprint("coral", __name__, url_prefix="/adapters/coral", enable_openapi=False)

# Threads begin with the first comment, so each worker process has its own after the fork.
_workers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="coral")


@blueprint.post("/<site_name>")
def moderate(site_name: str) -> Response:
    """Answer Coral's external moderation request for a site."""
    body = request.get_data(cache=False)
    with runtime().database.reading() as tx:
        found = coral.find_secrets(tx, site_name)
    if found is None or not _is_signed(body, found[1]):
        logger.warning("a Coral request is not signed by its site", extra={"site": site_name})
        return hold("bad-signature")
    try:
        asked = json.loads(body)
        submission, role = _as_submission(asked), asked["author"].get("role")
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return hold("unreadable-request")
    if isinstance(role, str) and role in _STAFF:
        return no_opinion()
    if not submission.text.strip():
        return hold("empty-comment")
    if len(submission.text) > LONGEST_TEXT:
        return hold("comment-too-long")
    return _take_in(found[0], submission)


def _take_in(site: Site, submission: Submission) -> Response:
    """Take the comment in, and answer in time even where that takes longer."""
    service = runtime()
    work: Future[tuple[Record, bool]] = _workers.submit(
        service.intake.submit, site, submission, now=service.clock()
    )
    try:
        record, _ = work.result(timeout=LONGEST_WORK_S)
    except TookTooLong:
        work.cancel()
        return hold("too-slow")
    return answer_record(record)


@blueprint.errorhandler(Exception)
def fail(error: Exception) -> Response:
    """Answer every failure with a comment that waits."""
    logger.exception("a Coral request failed", extra={"path": request.path})
    return hold("failed")


def _is_signed(body: bytes, secrets: Sequence[str]) -> bool:
    """Say whether one of the signatures sent is of one of the site's secrets."""
    sent = [
        part.strip().removeprefix("sha256=").lower().encode()
        for part in request.headers.get("X-Coral-Signature", "").split(",")
        if part.strip().startswith("sha256=")
    ]
    own = [hmac.new(secret.encode(), body, hashlib.sha256).hexdigest() for secret in secrets]
    return any(hmac.compare_digest(one, other.encode()) for one in sent for other in own)


def _as_submission(asked: Any) -> Submission:
    """Read the request; Coral gives a comment no id before it is stored, so we do."""
    comment, author, story = asked["comment"], asked["author"], asked["story"]
    text = _text(comment["body"], LONGEST_TEXT + 1)
    parent = _text(comment.get("parentID") or "", _LONGEST_FIELD)
    writer = _text(author.get("id") or "", _LONGEST_FIELD)
    article = Story(
        id=_text(story.get("id") or "", _LONGEST_FIELD),
        url=_text(story.get("url") or "", 4_000),
    )
    named = json.dumps([article.id, article.url, writer, parent, text])
    return Submission(
        comment_id="coral-" + hashlib.sha256(named.encode()).hexdigest()[:32],
        text=text,
        article=article,
        author=Author(id=writer),
        parent=Parent(comment_id=parent),
    )


def _text(value: Any, longest: int) -> str:
    """Return text without what no database stores; raise ``TypeError`` for anything else."""
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value[:longest].replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
