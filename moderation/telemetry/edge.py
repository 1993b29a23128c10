"""The outermost layer: a request's id, its line in the log, its place, and safe headers."""

import io
import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from moderation import metrics
from moderation.telemetry.gate import Gate
from moderation.telemetry.logs import REQUEST_ID

ROUTE = "moderation.route"
"""Where the application leaves the rule that matched: a path may hold anything."""
REQUEST = "moderation.request_id"
"""Where a request among several has its id."""

_access = logging.getLogger("moderation.access")
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Asked by those who look after the service, above all when it is overloaded.
_ALWAYS_OPEN = frozenset({"/healthz", "/readyz", "/metrics"})
_PAGES = ("/console", "/demo")
_BUSY_PAGE = (
    b'<!doctype html><html lang="id"><meta charset="utf-8"><title>Sedang sibuk</title>'
    b"<h1>Layanan sedang sibuk</h1>"
    b"<p>Tidak ada yang berubah. Muat ulang halaman ini sebentar lagi.</p></html>"
)
_DEFAULT_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)
_STATUS = {str(hundred): metrics.REQUESTS.labels(f"{hundred}xx") for hundred in range(1, 6)}

Headers = list[tuple[str, str]]


@dataclass(slots=True)
class Answered:
    """An answer that is ready to be sent."""

    status: str
    headers: Headers
    body: bytes


Many = Callable[[Sequence[WSGIEnvironment]], Sequence[Answered | None]]
"""Answers several requests in one go; ``None`` for what is not answered so."""


class Edge:
    """Wraps the WSGI application; a call from inside the service to itself passes through."""

    def __init__(
        self, app: WSGIApplication, gate: Gate, *, largest_body: int, many: Many | None = None
    ) -> None:
        self._app = app
        self._gate = gate
        self._largest_body = largest_body
        self._many = many

    def answer_all(self, environs: Sequence[WSGIEnvironment]) -> Sequence[Answered | None]:
        """Answer requests of which nothing has to be waited for; ``None`` for each that was not.

        Together they are one piece of work at a time.
        """
        if self._many is None:
            return [None] * len(environs)
        began = time.perf_counter()
        for environ in environs:
            environ[REQUEST] = _request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        with self._gate.entered() as admitted:
            answers = self._many(environs) if admitted else [None] * len(environs)
        seconds = time.perf_counter() - began
        for environ, answered in zip(environs, answers, strict=True):
            if answered is not None:
                _complete(answered.headers, environ[REQUEST])
                REQUEST_ID.set(environ[REQUEST])
                _note(environ, answered.status[:3], seconds)
            del environ[REQUEST]
        REQUEST_ID.set("")
        return answers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if REQUEST_ID.get():
            return self._app(environ, start_response)
        request_id = _request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        remembered = REQUEST_ID.set(request_id)
        answer = _Answer(start_response, request_id)
        read = self._read_body(environ)
        began = time.perf_counter()
        try:
            if not read:
                return _refuse(answer, "408 Request Timeout", "the body did not arrive in time")
            return self._pass(environ, answer)
        finally:
            _note(environ, answer.status, time.perf_counter() - began)
            REQUEST_ID.reset(remembered)

    def _pass(self, environ: WSGIEnvironment, answer: "_Answer") -> Iterable[bytes]:
        if environ.get("PATH_INFO") in _ALWAYS_OPEN:
            return self._app(environ, answer.start)
        with self._gate.entered() as admitted:
            if admitted:
                return self._app(environ, answer.start)
        metrics.OVERLOADED.inc()
        if str(environ.get("PATH_INFO")).startswith(_PAGES):
            return _send(answer, "503 Service Unavailable", "text/html; charset=utf-8", _BUSY_PAGE)
        return _refuse(answer, "503 Service Unavailable", "too many requests wait; try again")

    def _read_body(self, environ: WSGIEnvironment) -> bool:
        """Fetch the body before a place is taken, so that a slow client holds no place."""
        length = str(environ.get("CONTENT_LENGTH") or "")
        if not (length.isascii() and length.isdigit()) or int(length) > self._largest_body:
            return True
        try:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(length)))
        except OSError:
            return False
        return True


class _Answer:
    """Remembers the status, and adds the headers an answer lacks."""

    def __init__(self, start_response: StartResponse, request_id: str) -> None:
        self._start_response = start_response
        self._request_id = request_id
        self.status = "500"

    def start(self, status: str, headers: Headers, exc_info: Any = None, /) -> Any:
        self.status = status[:3]
        _complete(headers, self._request_id)
        return self._start_response(status, headers, exc_info)


def _complete(headers: Headers, request_id: str) -> None:
    """Add the headers every answer has."""
    given = {name.lower() for name, _ in headers}
    headers.extend(pair for pair in _DEFAULT_HEADERS if pair[0].lower() not in given)
    headers.append(("X-Request-Id", request_id))


def _request_id(asked: str) -> str:
    """Return the caller's id if it is harmless, else a new one."""
    return asked if _SANE_ID.fullmatch(asked) else secrets.token_hex(12)


def _refuse(answer: _Answer, status: str, detail: str) -> Iterable[bytes]:
    """Answer without asking the application."""
    code, _, title = status.partition(" ")
    body = (
        f'{{"type": "about:blank", "title": "{title}", "status": {code}, "detail": "{detail}"}}'
    ).encode()
    return _send(answer, status, "application/problem+json", body)


def _send(answer: _Answer, status: str, content_type: str, body: bytes) -> Iterable[bytes]:
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
    answer.start(status, [*headers, ("Retry-After", "1")])
    return [body]


def _note(environ: WSGIEnvironment, status: str, seconds: float) -> None:
    _STATUS[status[0]].inc()
    metrics.REQUEST_SECONDS.observe(seconds)
    _access.info(
        "request",
        extra={
            "method": environ.get("REQUEST_METHOD", "")[:16],
            "route": environ.get(ROUTE, "-"),
            "status": int(status),
            "ms": round(seconds * 1000, 2),
        },
    )
