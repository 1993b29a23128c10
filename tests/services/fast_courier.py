"""A worker process for tests: the real loop, with a clock that runs a hundred times as fast.

Run as ``python -m tests.services.fast_courier DATABASE_URL BEGAN``; ends on SIGTERM.
"""

import signal
import sys
import threading
from datetime import UTC, datetime, timedelta

from moderation.services.delivery import Courier, Round
from moderation.services.sending import HttpSender
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms

SPEED = 100
SECRET = "a-secret-for-the-tests"


def main(database_url: str, began: str) -> None:
    begin = datetime.fromisoformat(began)
    stop, wake = threading.Event(), threading.Event()

    def end(*_: object) -> None:
        stop.set()
        wake.set()

    signal.signal(signal.SIGTERM, end)
    courier = Courier(
        Database(database_url, sqlite_synchronous="NORMAL"),
        HttpSender(allow_private=True, timeout_s=1),
        Pseudonyms(SECRET),
        clock=lambda: begin + (datetime.now(UTC) - begin) * SPEED,
        lease=timedelta(seconds=4 * SPEED),
    )
    Round(courier, wake=wake).run(lambda: not stop.is_set())


if __name__ == "__main__":
    main(*sys.argv[1:])
