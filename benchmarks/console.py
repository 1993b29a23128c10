"""What a moderator waits for: the console's pages over HTTP, ``-m benchmarks.console``.

A database is filled with made-up rows, a tenth of them waiting, and served as ``make run`` does;
then somebody logs in and asks for pages one after the other. Printed are the best, the median and
the 95th percentile in milliseconds, from the request's first byte to the answer's last. The aim is
50 at 1,000,000 stored and 100,000 waiting. ``--folder`` keeps what was filled for the next run:
filling takes minutes, measuring seconds.
"""

import argparse
import http.client
import os
import re
import secrets
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from benchmarks.growth import Timing
from benchmarks.growth_data import END, fill
from benchmarks.serving import ROOT, serve
from moderation.services import access, day_figures
from moderation.storage.engine import Database
from moderation.storage.migrations import migrate
from moderation.storage.users import Role

SCHEMA = "console_benchmark"
AIM_MS = 50
_PASSWORD = "a-password-for-this-benchmark"  # noqa: S105 - of a database made here  # nosec B105
_DAYS = "from={:%F}&to={:%F}"


@dataclass
class Person:
    """Somebody at the console, with their cookie and the token of the page they are on."""

    connection: http.client.HTTPConnection
    cookie: str = ""
    token: str = ""
    path: str = ""
    page: str = field(default="", repr=False)

    def open(self, path: str) -> None:
        """Ask for a page, and be led on where the answer leads elsewhere."""
        self._ask("GET", path, None)

    def send(self, path: str, **fields: str) -> None:
        """Send a form, and read the page it leads to."""
        self._ask("POST", path, urllib.parse.urlencode({"csrf_token": self.token, **fields}))

    def _ask(self, method: str, path: str, body: str | None) -> None:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        self.connection.request(method, path, body, {"Cookie": self.cookie, **kind})
        answer = self.connection.getresponse()
        self.path, self.page = path.partition("?")[0], answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            self.cookie = cookie.partition(";")[0]
        if answer.status in {302, 303}:
            self._ask("GET", answer.headers["Location"], None)
        elif answer.status != http.HTTPStatus.OK:
            sys.exit(f"{method} {path} was answered with {answer.status}")
        elif found := re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.page):
            self.token = found[1]


def main() -> None:
    """Fill, serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--folder", type=Path, help="keeps what was filled for the next run")
    options = parser.parse_args()
    server = os.environ.get("TEST_DATABASE_URL")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        if options.only in {None, "sqlite"}:
            _measure("SQLite", f"sqlite:///{folder / 'console.db'}", options)
        if options.only in {None, "postgresql"} and server:
            with _own_schema(server, keep=options.folder is not None) as url:
                _measure("PostgreSQL", url, options)


@contextmanager
def _own_schema(server: str, *, keep: bool) -> Iterator[str]:
    own = sa.make_url(server).update_query_dict({"options": f"-csearch_path={SCHEMA}"})
    engine = sa.create_engine(server)
    with engine.begin() as tx:
        tx.execute(sa.schema.CreateSchema(SCHEMA, if_not_exists=True))
    yield own.render_as_string(hide_password=False)
    if not keep:
        with engine.begin() as tx:
            tx.execute(sa.schema.DropSchema(SCHEMA, cascade=True))
    engine.dispose()


def _measure(kind: str, url: str, options: argparse.Namespace) -> None:
    username = _prepare(url, options.comments)
    environ = {
        **os.environ,
        "MODERATION_SECRET_KEY": "0123456789-only-for-this-benchmark",
        "MODERATION_DATABASE_URL": url,
        "MODERATION_MODELS_DIR": str(ROOT / "models"),
        "MODERATION_SECURE_COOKIES": "0",
        "DELIVER": "0",
    }
    print(f"\n| {kind}, best / median / 95th percentile, ms | {options.comments:,} stored |")
    print("| --- | ---: |")
    with serve("wsgi:app", "/readyz", environ) as app:
        address = urllib.parse.urlsplit(app.url)
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
        person = Person(connection)
        person.open("/console/login")
        person.send("/console/login", username=username, password=_PASSWORD)
        for name, act in _acts(person).items():
            print(f"| {name} | {_time(act, options.rounds)} |", flush=True)


def _prepare(url: str, count: int) -> str:
    """Fill the database unless it is filled; return the name of somebody new who may log in."""
    database = Database(url)
    migrate(database.engine)
    with database.reading() as tx:
        filled = sa.inspect(tx).has_table("sites") and _has_rows(tx)
    if not filled:
        fill(database.engine, count)
        day_figures.catch_up(database, now=END)
    username = f"editor-{secrets.token_hex(4)}"
    with database.writing() as tx:
        access.add_user(
            tx,
            username=username,
            display_name=username,
            password=_PASSWORD,
            role=Role.EDITOR,
            now=datetime.now(UTC),
        )
    database.close()
    return username


def _has_rows(tx: sa.Connection) -> bool:
    return bool(tx.execute(sa.text("SELECT EXISTS (SELECT 1 FROM sites)")).scalar_one())


def _acts(person: Person) -> dict[str, Callable[[], None]]:
    """Return what is timed, by the name the table shows."""

    def page(path: str) -> Callable[[], None]:
        return lambda: person.open(path)

    def go_on() -> None:
        version = re.search(r'name="version"[^>]*value="(\d+)"', person.page)
        if version is None or not person.path.startswith("/console/items/"):
            person.send("/console/next")
        else:
            person.send(f"{person.path}/decision", version=version[1], decision="approve")

    def overview(days: int) -> Callable[[], None]:
        asked = _DAYS.format(END - timedelta(days=days - 1), END)
        return page(f"/console/overview?{asked}")

    return {
        "queue page": page("/console/queue"),
        "queue page, oldest first": page("/console/queue?order=oldest"),
        "queue page, one label": page("/console/queue?label=hate"),
        "queue page, one kind of spam": page("/console/queue?kind=dukun"),
        "queue page, high score": page("/console/queue?score=0.9"),
        "queue page, high score of a label": page("/console/queue?score=0.9&label=threat"),
        "a decision, and on to the next item": go_on,
        "an item": lambda: person.open(person.path),
        "overview, 7 days": overview(7),
        "overview, 92 days": overview(92),
    }


def _time(act: Callable[[], None], rounds: int) -> Timing:
    """Time an act warm, in each of the server's processes."""
    took = []
    for _ in range(rounds + 6):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return Timing.of(took[6:])


if __name__ == "__main__":
    main()
