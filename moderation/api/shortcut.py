"""The short way of a plain submission: ``POST /v1/comments``, answered in front of Flask.

Contexts, routing and the wrappers around a view cost more than scoring the comment does, and
this one route carries nearly all of a newsroom's requests. So what is plain about it goes by the
same functions as the view in :mod:`.comments`, but straight on. Whatever is unusual, or wrong
with the body, is left to Flask, and so are the answers to what fails: the document, the errors
and their shapes have one source. A test holds the answers of both ways together.
"""

import io
import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, g
from marshmallow import ValidationError
from werkzeug.exceptions import BadRequest

from moderation.api import PREFIX, limiting
from moderation.api.authorization import check
from moderation.api.caller import CALLER, Caller
from moderation.api.parsing import read_json
from moderation.api.presenting import present_record
from moderation.api.schemas import SubmissionIn
from moderation.domain.comment import Submission
from moderation.runtime import Runtime, parts_of
from moderation.storage.sites import ApiKey, Scope
from moderation.telemetry.edge import ROUTE

_PATH = f"{PREFIX}/comments"
_JSON = {"application/json", "application/json; charset=utf-8", "application/json;charset=utf-8"}
_STATUS = {
    status: f"{status.value} {status.phrase.upper()}"
    for status in (HTTPStatus.OK, HTTPStatus.CREATED)
}


class Shortcut:
    """Stands in front of Flask's own WSGI application."""

    def __init__(self, app: Flask, long_way: WSGIApplication) -> None:
        self._app = app
        self._long_way = long_way
        self._schema = SubmissionIn()
        self._largest_body = int(app.config["MAX_CONTENT_LENGTH"])

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if not self._is_plain(environ):
            return self._long_way(environ, start_response)
        environ[ROUTE] = _PATH
        service, caller = parts_of(self._app), Caller()
        try:
            key = check(
                caller,
                service,
                address=environ.get("REMOTE_ADDR"),
                authorization=environ.get("HTTP_AUTHORIZATION", ""),
                scope=Scope.SUBMIT,
            )
            submission = self._read(environ)
            if submission is None:
                environ[CALLER] = caller  # counted and checked already
                return self._long_way(environ, start_response)
            status, body = self._take_in(service, key, submission)
        except Exception as error:
            return self._refuse(environ, caller, error)(environ, start_response)
        told = limiting.headers(caller.allowance) if caller.allowance else []
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *told]
        start_response(_STATUS[status], headers)
        return [body]

    def _is_plain(self, environ: WSGIEnvironment) -> bool:
        length = environ.get("CONTENT_LENGTH") or ""
        return (
            environ.get("PATH_INFO") == _PATH
            and environ.get("REQUEST_METHOD") == "POST"
            and environ.get("CONTENT_TYPE", "").lower() in _JSON
            and not environ.get("QUERY_STRING")
            and "HTTP_IDEMPOTENCY_KEY" not in environ
            and length.isascii()
            and length.isdigit()
            and int(length) <= self._largest_body
        )

    def _read(self, environ: WSGIEnvironment) -> Submission | None:
        """Return what was handed in; ``None``, and the body put back, if it is not acceptable."""
        length = int(environ["CONTENT_LENGTH"])
        body = environ["wsgi.input"].read(length)
        try:
            if len(body) == length:
                submission: Submission = self._schema.load(read_json(body))
                return submission
        except (BadRequest, ValidationError):
            pass
        environ["wsgi.input"] = io.BytesIO(body)
        return None

    def _take_in(
        self, service: Runtime, key: ApiKey, submission: Submission
    ) -> tuple[HTTPStatus, bytes]:
        record, new = service.intake.submit(key.site, submission, now=service.clock())
        if new:
            return HTTPStatus.CREATED, _as_body(present_record(record))
        with self._app.app_context():  # a repeat may have been decided on, which asks the clock
            return HTTPStatus.OK, _as_body(present_record(record))

    def _refuse(self, environ: WSGIEnvironment, caller: Caller, error: Exception) -> Response:
        """Let Flask's handlers answer what was raised, as if a view had raised it."""
        with self._app.request_context(environ):
            g.caller = caller
            return self._app.finalize_request(self._app.handle_user_exception(error))


def _as_body(values: dict[str, Any]) -> bytes:
    return json.dumps(values).encode()
