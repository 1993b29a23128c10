"""Deny by default: a view under ``/v1`` answers only to a key with the scope it names."""

from collections.abc import Callable
from typing import Any, TypeVar

from apiflask import APIBlueprint
from flask import Response, current_app, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from moderation.api import idempotency, limiting
from moderation.api.caller import CALLER, Caller
from moderation.api.caller import current_key as current_key
from moderation.errors import ForbiddenError
from moderation.runtime import Runtime, runtime
from moderation.storage.sites import ApiKey, Scope

BEARER = "ApiKey"

View = TypeVar("View", bound=Callable[..., Any])


def requires(scope: Scope) -> Callable[[View], View]:
    """Name the scope a view needs; a view that names none cannot be called at all."""

    def mark(view: View) -> View:
        view.required_scope = scope  # type: ignore[attr-defined]
        return view

    return mark


def protect(blueprint: APIBlueprint) -> None:
    """Check key, limits and a repeat before every view of a blueprint."""
    blueprint.before_request(_check_key)
    blueprint.before_request(_answer_repeat)
    blueprint.after_request(idempotency.finish)
    blueprint.after_request(limiting.tell)


def check(
    caller: Caller,
    service: Runtime,
    *,
    address: str | None,
    authorization: str,
    scope: Scope | None,
) -> ApiKey:
    """Count a call, and return its key if that may do what needs the scope.

    What is known of the caller is noted as it becomes known, for a refusal tells of it too.
    """
    limiting.count_address(caller, service.rate_limits, address)
    caller.key = key = _find_key(service, authorization)
    limiting.count_key(caller, service.rate_limits, key.id)
    if scope is None or scope not in key.scopes:
        raise ForbiddenError(f"the key needs the scope {scope!s}")
    return key


def _answer_repeat() -> Response | None:
    return idempotency.begin(current_key())


def _check_key() -> None:
    checked: Caller | None = request.environ.get(CALLER)
    g.caller = caller = checked or Caller()
    if checked is None:
        check(
            caller,
            runtime(),
            address=request.remote_addr,
            authorization=request.headers.get("Authorization", ""),
            scope=getattr(
                current_app.view_functions[str(request.endpoint)], "required_scope", None
            ),
        )


def _find_key(service: Runtime, authorization: str) -> ApiKey:
    scheme, _, token = authorization.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise _unauthorized("send Authorization: Bearer <key>")
    key = service.key_ring.find(token, now=service.clock())
    if key is None:
        raise _unauthorized("the key is unknown, expired or revoked")
    return key


def _unauthorized(detail: str) -> Unauthorized:
    return Unauthorized(detail, www_authenticate=WWWAuthenticate("bearer"))
