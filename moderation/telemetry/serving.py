"""What of gunicorn is our own: plain submissions are answered together, in one thread.

A thread a request changes threads a dozen times for each comment, and nearly every call into
numpy or SQLite hands the interpreter to another one that waits for it. One thread that takes all
submissions that lie ready, has them answered at once and goes on changes none.
"""

import re
import select
import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.http import wsgi
from gunicorn.workers.gthread import TConn, ThreadWorker

from moderation.telemetry.edge import Answered

AnswerAll = Callable[[Sequence[dict[str, Any]]], Sequence[Answered | None]]

MOST_TOGETHER = 16
# A guess that saves others the way through here; what is not answered together goes on alone.
_PATH = "/v1/comments"
_FIRST_LINE = f"POST {_PATH} ".encode()
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d{1,6})\r\n", re.IGNORECASE)
_LARGEST_PEEK = 1 << 16
_LOOK_UP_S = 0.5
# From here on something is amiss, and the limits on work at a time must count each request.
_SLOW_S = 0.5


class TogetherWorker(ThreadWorker):
    """Threads as ever, and beside them one that answers what can be answered together.

    A connection whose last request was of that kind is watched by that thread. What comes next
    goes back to the others unless it has arrived whole, so a slow client holds up nobody, and
    neither does one that reads slowly.
    """

    def run(self) -> None:
        """Serve until told to stop."""
        self._watched: dict[int, TConn] = {}
        self._ready = select.epoll()
        app = getattr(self.wsgi, "wsgi_app", None)
        # A benchmark's bare application answers nothing together.
        self._answer_all: AnswerAll | None = getattr(app, "answer_all", None)
        if self._answer_all is not None:
            threading.Thread(target=self._serve_together, name="together", daemon=True).start()
        super().run()

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Answer one request, and remember whether the next might be answered together."""
        conn.joins = req.method == "POST" and req.path == _PATH
        return super().handle_request(req, conn)

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        """Keep a connection, watched by one thread or the other, or close it."""
        if self._joins(conn, fs):
            conn.set_timeout()
            self._watched[conn.sock.fileno()] = conn
            self._ready.register(conn.sock, select.EPOLLIN)
        else:
            super().finish_request(conn, fs)

    def _joins(self, conn: TConn, fs: "Future[Any]") -> bool:
        """Say whether a connection that was answered may be watched for more of that kind."""
        if self._answer_all is None or not self.alive or not getattr(conn, "joins", False):
            return False
        kept = not fs.cancelled() and fs.exception() is None and fs.result() is True
        return kept and not _read_ahead(conn)

    def _give_back(self, conn: TConn, then: Callable[..., None], *args: Any) -> None:
        """Let the main thread have a connection."""
        self._ready.unregister(conn.sock)
        del self._watched[conn.sock.fileno()]
        self.method_queue.defer(then, conn, *args)

    def _serve_together(self) -> None:
        try:
            self._keep_serving()
        finally:
            # Told to stop, or broken: whoever is connected is served by the other threads.
            self._answer_all = None
            for conn in list(self._watched.values()):
                self._give_back(conn, super().finish_request, _done(True))

    def _keep_serving(self) -> None:
        slow, look_again = False, 0.0
        while self.alive:
            ready = [self._watched[fd] for fd, _ in self._ready.poll(_LOOK_UP_S, MOST_TOGETHER)]
            began = time.monotonic()
            together = [] if slow else [conn for conn in ready if _has_come_whole(conn.sock)]
            for conn in ready:
                if conn not in together:
                    self._give_back(conn, self.enqueue_req)
            if together:
                self._answer(together)
            now = time.monotonic()
            slow = now - began > _SLOW_S
            if now > look_again:
                self._let_go_of_idle(now)
                look_again = now + _LOOK_UP_S

    def _let_go_of_idle(self, now: float) -> None:
        for conn in list(self._watched.values()):
            if conn.timeout < now:
                self._give_back(conn, super().finish_request, _done(False))

    def _answer(self, conns: Sequence[TConn]) -> None:
        """Read one request from each connection, and answer them all."""
        asked = [one for one in map(self._read, conns) if one is not None]
        try:
            answers = self._answer_all([one[3] for one in asked]) if self._answer_all else ()
        except Exception as error:
            for conn, req, _, _ in asked:
                self._fail(conn, req, error)
            return
        for (conn, req, resp, environ), answered in zip(asked, answers, strict=True):
            if answered is None:
                conn.joins = False
                self._give_back(conn, self._enqueue_read, req, resp, environ)
            else:
                self._send(conn, req, resp, answered)

    def _read(self, conn: TConn) -> tuple[TConn, Any, Any, dict[str, Any]] | None:
        req = None
        try:
            req = next(conn.parser)
            resp, environ = wsgi.create(req, conn.sock, conn.client, conn.server, self.cfg)
        except Exception as error:
            self._fail(conn, req, error)
            return None
        environ["wsgi.multithread"] = True
        if not self.alive:
            resp.force_close()
        return conn, req, resp, environ

    def _send(self, conn: TConn, req: Any, resp: Any, answered: Answered) -> None:
        try:
            resp.start_response(answered.status, answered.headers)
            resp.write(answered.body)
            resp.close()
            kept = not resp.should_close() and conn.parser.finish_body()
        except Exception as error:
            self._fail(conn, req, error)
            return
        conn.set_timeout()
        if not kept or _read_ahead(conn):
            self._give_back(conn, super().finish_request, _done(kept))

    def _fail(self, conn: TConn, req: Any, error: Exception) -> None:
        """Close a connection; whoever is still there hears why."""
        if not isinstance(error, OSError | StopIteration):
            self.handle_error(req, conn.sock, conn.client, error)
        self._give_back(conn, super().finish_request, _done(False))

    def _enqueue_read(self, conn: TConn, req: Any, resp: Any, environ: dict[str, Any]) -> None:
        """Have a request that was read already answered by a thread of its own."""
        done = self.tpool.submit(self._answer_alone, conn, req, resp, environ)
        done.add_done_callback(
            lambda future: self.method_queue.defer(self.finish_request, conn, future)
        )

    def _answer_alone(self, conn: TConn, req: Any, resp: Any, environ: dict[str, Any]) -> bool:
        try:
            body = self.wsgi(environ, resp.start_response)
            try:
                for item in body:
                    resp.write(item)
                resp.close()
            finally:
                if hasattr(body, "close"):
                    body.close()
            return not resp.should_close() and bool(conn.parser.finish_body())
        except Exception as error:
            if not resp.headers_sent:
                self.handle_error(req, conn.sock, conn.client, error)
            return False


class QuietLogger(Logger):
    """Makes no access lines: the service writes its own, and gunicorn's cost as much again.

    It composes them even where no handler takes them, as soon as logging is configured at all.
    """

    def access(self, *_: Any) -> None:
        """Do nothing."""


def _has_come_whole(sock: socket.socket) -> bool:
    """Say whether a request with its body can be read, and its answer written, without waiting."""
    writable = select.poll()
    writable.register(sock, select.POLLOUT)
    try:
        seen = sock.recv(_LARGEST_PEEK, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except OSError:
        return False
    end = seen.find(b"\r\n\r\n")
    length = _LENGTH.search(seen, 0, end + 2)
    return (
        end > 0
        and seen.startswith(_FIRST_LINE)
        and length is not None
        and len(seen) >= end + 4 + int(length[1])
        and bool(writable.poll(0))
    )


def _read_ahead(conn: TConn) -> bool:
    """Say whether the next request was read already, and so makes no socket readable."""
    return bool(conn.parser.unreader.buf.getvalue())


def _done(result: object) -> "Future[object]":
    future: Future[object] = Future()
    future.set_result(result)
    return future
