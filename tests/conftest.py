"""Real parts for every test: a migrated database, the whole app, a client with a key."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import argon2
import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from moderation.services import access
from moderation.settings import Settings
from moderation.storage import sites
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.migrations import migrate
from moderation.storage.sites import Scope, Site
from tests.factories import MONDAY, FakeClock, FakeScorer, a_moderator

# The same examples in every run, however slow the machine: a failure is the code's.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.load_profile("repeatable")

SECRET = "0123456789abcdef-only-for-the-tests"
POSTGRES_URL = os.environ.get("TEST_DATABASE_URL")


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated, empty file that every test gets a copy of."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    database = Database(f"sqlite:///{path}", sqlite_synchronous="NORMAL")
    migrate(database.engine)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """An empty, migrated database of the kind that is a file."""
    path = tmp_path / "moderation.db"
    shutil.copyfile(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty, migrated database of each kind, gone after the test."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    yield from _copy(request.getfixturevalue("migrated_postgresql"))


@pytest.fixture
def empty_postgresql(migrated_postgresql: sa.URL) -> Iterator[str]:
    """A second PostgreSQL database for a test to copy into."""
    yield from _copy(migrated_postgresql)


@pytest.fixture(scope="session")
def migrated_postgresql() -> Iterator[sa.URL]:
    """One migrated, empty database to copy for every test; migrating takes ten times as long."""
    if POSTGRES_URL is None:
        pytest.skip("PostgreSQL is missing: set TEST_DATABASE_URL (see README, Tests)")
    url = sa.make_url(POSTGRES_URL).set(database=f"template_{uuid4().hex}")
    _on_server(f"CREATE DATABASE {url.database}")
    database = Database(url.render_as_string(hide_password=False))
    migrate(database.engine)
    database.close()
    yield url
    _on_server(f"DROP DATABASE {url.database}")


def _copy(template: sa.URL) -> Iterator[str]:
    """Give a test its own database, so that tests never meet."""
    url = template.set(database=f"test_{uuid4().hex}")
    _on_server(f"CREATE DATABASE {url.database} TEMPLATE {template.database}")
    yield url.render_as_string(hide_password=False)
    _on_server(f"DROP DATABASE {url.database} WITH (FORCE)")


def _on_server(statement: str) -> None:
    server = sa.create_engine(str(POSTGRES_URL), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(statement))
    server.dispose()


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """Hash passwords at the lowest cost: a thousand tests log somebody in."""
    access._hasher = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    access._DECOY_HASH = access._hasher.hash("nobody's")


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(
        secret_key=SECRET,
        database_url=database_url,
        sqlite_synchronous="NORMAL",
        secure_cookies=False,
        # Which of a test's comments people see must not hang on a hash of their ids.
        spot_check_share=0.0,
    )


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.database_url, sqlite_synchronous="NORMAL")
    yield database
    database.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def scorer() -> FakeScorer:
    return FakeScorer()


@pytest.fixture
def app(settings: Settings, scorer: FakeScorer, clock: FakeClock) -> Iterator[Flask]:
    from moderation.app import create_app

    app = create_app(settings, scorer=scorer, clock=clock)
    yield app
    app.extensions["moderation"].database.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The address of the app on loopback, for clients that insist on a network."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site(database: Database) -> Site:
    with database.writing() as tx:
        return sites.add_site(tx, "kabar", now=MONDAY)


@pytest.fixture
def api_key(database: Database, site: Site) -> str:
    with database.writing() as tx:
        return access.issue_key(tx, site, list(Scope), note="tests", now=MONDAY)


@pytest.fixture
def akismet_key(database: Database, site: Site) -> str:
    with database.writing() as tx:
        return access.issue_akismet_key(tx, site, Pseudonyms(SECRET), note="tests", now=MONDAY)


@pytest.fixture
def headers(api_key: str) -> dict[str, str]:
    """The header that lets a client speak for the site."""
    return {"Authorization": f"Bearer {api_key}"}


@pytest.fixture
def moderator(database: Database) -> str:
    """The user name of somebody who may log in with ``PASSWORD``."""
    return a_moderator(database, "sari", "Sari")
