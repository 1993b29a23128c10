"""The short way of a plain submission: ``POST /v1/comments``, answered in front of Flask.

Contexts, routing and the wrappers around a view cost more than scoring the comment does, and
this one route carries nearly all of a newsroom's requests. So what is plain about it goes by the
same functions as the view in :mod:`.comments`, but straight on. Whatever is unusual, or wrong
with the body, is left to Flask, and so are the answers to what fails: the document, the errors
and their shapes have one source. A test holds the answers of both ways together.
"""

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, g
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
from moderation.services.intake import Arrival
from moderation.services.records import Record
from moderation.storage.sites import Scope
from moderation.telemetry.edge import REQUEST, ROUTE, Answered
from moderation.telemetry.logs import REQUEST_ID

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
        (answered,) = self.answer_all([environ])
        if answered is None:
            return self._long_way(environ, start_response)
        start_response(answered.status, answered.headers)
        return [answered.body]

    def answer_all(self, environs: Sequence[WSGIEnvironment]) -> list[Answered | None]:
        """Answer plain submissions, assessed and stored together; ``None`` for any other."""
        service = parts_of(self._app)
        visits = [self._open(environ, service) for environ in environs]
        waiting = [visit for visit in visits if visit.arrival is not None]
        if waiting:
            arrivals = [visit.arrival for visit in waiting if visit.arrival is not None]
            try:
                results = service.intake.submit_all(arrivals)
            except Exception as error:
                results = [error] * len(waiting)
            for visit, result in zip(waiting, results, strict=True):
                self._conclude(visit, result)
        return [visit.answered for visit in visits]

    def _open(self, environ: WSGIEnvironment, service: Runtime) -> "_Visit":
        """Check who calls, and read what is handed in."""
        _name_in_log(environ)
        visit = _Visit(environ, Caller())
        if not self._is_plain(environ):
            return visit
        environ[ROUTE] = _PATH
        try:
            key = check(
                visit.caller,
                service,
                address=environ.get("REMOTE_ADDR"),
                authorization=environ.get("HTTP_AUTHORIZATION", ""),
                scope=Scope.SUBMIT,
            )
            submission = self._read(environ)
            if submission is None:
                environ[CALLER] = visit.caller  # counted and checked already
            else:
                visit.arrival = service.intake.receive(key.site, submission, now=service.clock())
        except Exception as error:
            visit.answered = self._refuse(visit, error)
        return visit

    def _conclude(self, visit: "_Visit", result: tuple[Record, bool] | BaseException) -> None:
        """Turn what became of a comment into the answer."""
        _name_in_log(visit.environ)
        try:
            if isinstance(result, BaseException):
                raise result
            status, body = self._present(*result)
        except Exception as error:
            visit.answered = self._refuse(visit, error)
            return
        allowance = visit.caller.allowance
        told = limiting.headers(allowance) if allowance else []
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *told]
        visit.answered = Answered(_STATUS[status], headers, body)

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

    def _present(self, record: Record, new: bool) -> tuple[HTTPStatus, bytes]:
        if new:
            return HTTPStatus.CREATED, _as_body(present_record(record))
        with self._app.app_context():  # a repeat may have been decided on, which asks the clock
            return HTTPStatus.OK, _as_body(present_record(record))

    def _refuse(self, visit: "_Visit", error: Exception) -> Answered:
        """Let Flask's handlers answer what was raised, as if a view had raised it."""
        with self._app.request_context(visit.environ):
            g.caller = visit.caller
            response = self._app.finalize_request(self._app.handle_user_exception(error))
            body, status, headers = response.get_wsgi_response(visit.environ)
            return Answered(status, list(headers), b"".join(body))


@dataclass(slots=True)
class _Visit:
    """A request on its way; without arrival and answer it goes the long way."""

    environ: WSGIEnvironment
    caller: Caller
    arrival: Arrival | None = None
    answered: Answered | None = None


def _name_in_log(environ: WSGIEnvironment) -> None:
    """Let the lines that follow carry the id of one request among several."""
    if request_id := environ.get(REQUEST):
        REQUEST_ID.set(request_id)


def _as_body(values: dict[str, Any]) -> bytes:
    return json.dumps(values).encode()
