"""Every error as ``application/problem+json`` (RFC 9457), in one shape."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, json, request
from werkzeug.exceptions import HTTPException

from moderation.api.authorization import current_key
from moderation.api.presenting import present_item
from moderation.errors import (
    ContentConflictError,
    ForbiddenError,
    InvalidError,
    MalformedKeyError,
    ModerationError,
    NotFoundError,
    ReusedKeyError,
    StaleItemError,
    StillRunningError,
)
from moderation.runtime import runtime
from moderation.services import review

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of error: the anchor in its ``type`` URI, and what a client should do about it."""

    name: str
    title: str
    status: HTTPStatus
    advice: str


INVALID = ProblemType(
    "invalid",
    "A field cannot be accepted",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "Each entry of `errors` names a field of the body (`pointer`) or of the query (`parameter`).",
)
INTERNAL = ProblemType(
    "internal-server-error",
    "The service failed",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Nothing was stored. Hold the comment on your side and hand it in again shortly.",
)
UNAVAILABLE = ProblemType(
    "storage-unavailable",
    "The database cannot be used now",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Nothing was stored. Hold the comment on your side and hand it in again after `Retry-After`.",
)
_RETRY_AFTER_S = 5
_TYPES: dict[type[ModerationError], ProblemType] = {
    InvalidError: INVALID,
    NotFoundError: ProblemType(
        "not-found",
        "There is nothing here",
        HTTPStatus.NOT_FOUND,
        "Check the id; what belongs to another site does not exist for yours.",
    ),
    ForbiddenError: ProblemType(
        "forbidden",
        "This key may not do that",
        HTTPStatus.FORBIDDEN,
        "Ask whoever runs the service for a key with the scope that `detail` names.",
    ),
    ContentConflictError: ProblemType(
        "content-conflict",
        "This revision was handed in with other content",
        HTTPStatus.CONFLICT,
        "Send an edited comment with the next `revision`.",
    ),
    MalformedKeyError: ProblemType(
        "malformed-idempotency-key",
        "This Idempotency-Key cannot be read",
        HTTPStatus.BAD_REQUEST,
        'Send one string of visible ASCII characters, quoted or not, such as a UUID: "8e03978e-…".',
    ),
    ReusedKeyError: ProblemType(
        "reused-idempotency-key",
        "This Idempotency-Key belongs to another request",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Use a new key for every new request; keys are kept for 24 hours.",
    ),
    StillRunningError: ProblemType(
        "still-running",
        "The first request with this Idempotency-Key is not answered yet",
        HTTPStatus.CONFLICT,
        "Send it again in a second; you will get the first one's answer.",
    ),
    StaleItemError: ProblemType(
        "stale-item",
        "The queue item is no longer what you saw",
        HTTPStatus.CONFLICT,
        "`item` is its present state; claim it again if it is still open.",
    ),
}


def list_types() -> list[tuple[str, str, int, str]]:
    """Return every type of ours as name, title, status and advice."""
    return [
        (kind.name, kind.title, kind.status.value, kind.advice)
        for kind in (*_TYPES.values(), UNAVAILABLE, INTERNAL)
    ]


def problem(kind: ProblemType, detail: str, **extensions: Any) -> Response:
    """Build a problem response of a type of ours."""
    return _respond(f"/docs/problems#{kind.name}", kind.title, kind.status, detail, extensions)


def _respond(
    type_: str, title: str, status: HTTPStatus, detail: str, extensions: Mapping[str, Any]
) -> Response:
    body = {
        "type": type_,
        "title": title,
        "status": status.value,
        "detail": detail,
        **extensions,
    }
    return Response(json.dumps(body), status.value, mimetype="application/problem+json")


def handle_moderation_error(error: ModerationError) -> Response:
    """Answer an expected failure; a stale item comes with its present state."""
    extensions: dict[str, Any] = {}
    if isinstance(error, InvalidError):
        extensions["errors"] = [{"detail": str(error), **_place(error.pointer)}]
    if isinstance(error, StaleItemError):
        extensions["item"] = _present_state()
    return problem(_TYPES[type(error)], str(error), **extensions)


def handle_http_exception(error: HTTPException) -> Response:
    """Answer what the framework refused: unknown path, method, too large a body."""
    response = error.get_response()
    status = HTTPStatus(error.code or 500)
    # RFC 9457, 4.2.1: where the status says all there is to say, the type is about:blank.
    answer = _respond("about:blank", status.phrase, status, error.description or "", {})
    for header in ("Allow", "WWW-Authenticate", "Retry-After"):
        if header in response.headers:
            answer.headers[header] = response.headers[header]
    return answer


def handle_invalid_fields(error: HTTPError) -> Response:
    """Answer a body or query that does not fit its schema, one entry a field."""
    errors = list(_list_errors(error.detail or {}))
    fields = ", ".join(entry.get("pointer") or entry.get("parameter") or "/" for entry in errors)
    return problem(INVALID, f"look at {fields}", errors=errors)


def handle_unexpected(error: Exception) -> Response:
    """Answer a failure of ours; the log has the trace, the client gets none."""
    logger.exception("unexpected failure", extra={"route": str(request.url_rule)})
    return problem(INTERNAL, "the service failed; nothing was stored, so try again shortly")


def handle_database_failure(_error: sa.exc.SQLAlchemyError) -> Response:
    """Answer a full disk, a lock that is never given back, a database that is away."""
    logger.exception("the database cannot be used", extra={"route": str(request.url_rule)})
    answer = problem(UNAVAILABLE, "the database cannot be used now; nothing was stored")
    answer.headers["Retry-After"] = str(_RETRY_AFTER_S)
    return answer


def register(app: APIFlask) -> None:
    """Answer every error of the application with a problem."""
    app.register_error_handler(ModerationError, handle_moderation_error)
    app.register_error_handler(HTTPException, handle_http_exception)
    app.register_error_handler(HTTPError, handle_invalid_fields)
    for kind in (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError):
        app.register_error_handler(kind, handle_database_failure)
    app.register_error_handler(Exception, handle_unexpected)


def _place(pointer: str) -> dict[str, str]:
    """Name a field of the body by pointer; what is only read has its fields in the query."""
    if request.method in {"GET", "HEAD"}:
        return {"parameter": pointer.removeprefix("/")}
    return {"pointer": pointer}


def _present_state() -> dict[str, Any] | None:
    """Return the item named in the path as it is now, for the client to compare."""
    item_id = (request.view_args or {}).get("item_id")
    if not isinstance(item_id, UUID):
        return None
    with runtime().database.reading() as tx:
        return present_item(review.find_item(tx, item_id, site_id=current_key().site.id))


def _list_errors(messages: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for location, found in messages.items():
        for path, detail in _flatten(found, ()):
            if location == "json":
                yield {"detail": detail, "pointer": "".join(f"/{_escape(p)}" for p in path)}
            else:
                yield {"detail": detail, "parameter": ".".join(path)}


def _flatten(found: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(found, Mapping):
        for key, inner in found.items():
            # marshmallow files errors of the whole object under "_schema".
            yield from _flatten(inner, path if key == "_schema" else (*path, str(key)))
    elif isinstance(found, list):
        for inner in found:
            yield from _flatten(inner, path)
    else:
        yield path, str(found)


def _escape(part: str) -> str:
    """Escape a key for a JSON pointer (RFC 6901)."""
    return part.replace("~", "~0").replace("/", "~1")
