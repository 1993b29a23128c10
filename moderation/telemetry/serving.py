"""What of gunicorn is our own: a thread stays with its connection, and nothing is logged twice."""

import select
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import TConn, ThreadWorker

STAY_MS = 100
"""How long a thread waits for its connection's next request before it gives it back."""


class StayingWorker(ThreadWorker):
    """A thread that has answered waits a moment for the next request of the same connection.

    Otherwise a connection goes back to the main thread after each answer and comes again with
    each request, three changes of thread that cost a site's steady stream of comments a sixth of
    its processor time. Only while there is a thread for every connection: nobody waits for it.
    """

    def handle(self, conn: TConn) -> Any:
        """Answer a connection's requests until none follows soon."""
        kept = super().handle(conn)
        while kept is True and self._may_stay(conn) and _is_readable(conn):
            kept = super().handle(conn)
        return kept

    def _may_stay(self, conn: TConn) -> bool:
        # What was read ahead makes no socket readable; the main thread looks for it.
        read_ahead = conn.parser.unreader.buf.getvalue()
        return self.alive and self.nr_conns <= self.cfg.threads and not read_ahead


class QuietLogger(Logger):
    """Makes no access lines: the service writes its own, and gunicorn's cost as much again.

    It composes them even where no handler takes them, as soon as logging is configured at all.
    """

    def access(self, *_: Any) -> None:
        """Do nothing."""


def _is_readable(conn: TConn) -> bool:
    waiting = select.poll()
    waiting.register(conn.sock, select.POLLIN)
    return bool(waiting.poll(STAY_MS))
