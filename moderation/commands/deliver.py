"""Send webhooks until told to stop."""

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click

from moderation.commands.opening import open_database
from moderation.services import campaign_work, day_figures, searching
from moderation.services.delivery import Courier, Round
from moderation.services.sending import HttpSender
from moderation.settings import Settings
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms

CAUGHT_UP_EVERY_S = 5.0


@contextmanager
def _catching_up(database: Database, stop: threading.Event) -> Iterator[None]:
    """Index for the search, count days, and finish campaigns' decisions, beside the sending."""

    def go_on() -> bool:
        return not stop.is_set()

    def work() -> None:
        while not stop.wait(CAUGHT_UP_EVERY_S):
            try:
                searching.catch_up(database, go_on=go_on)
                day_figures.catch_up(database, now=_now(), go_on=go_on)
                campaign_work.catch_up(database, clock=_now, go_on=go_on)
            except Exception:
                logging.exception("catching up failed; it is tried again")

    thread = threading.Thread(target=work, name="catching-up", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _now() -> datetime:
    return datetime.now(UTC)


@click.command()
@click.option(
    "--with-parent", is_flag=True, help="End, too, when the process that started this one ends."
)
def deliver(with_parent: bool) -> None:
    """Send what waits in the outbox to the sites' endpoints, until SIGTERM or Ctrl-C.

    Beside that, index new comments for the console's search, count the days that are over for its
    overview, and finish what was decided about campaigns of many members.

    Several may run at once; none sends what another one is sending.
    """
    logging.basicConfig(level=logging.INFO, format="[deliver] %(levelname)s %(message)s")
    settings = Settings.from_environ(os.environ)
    stop, wake, parent = threading.Event(), threading.Event(), os.getppid()

    def end(*_: object) -> None:
        stop.set()
        wake.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    with open_database(settings) as database, _catching_up(database, stop):
        courier = Courier(
            database,
            HttpSender(allow_private=settings.webhook_private),
            Pseudonyms(settings.secret_key),
            clock=_now,
        )
        Round(courier, wake=wake).run(
            lambda: not stop.is_set() and not (with_parent and os.getppid() != parent)
        )
