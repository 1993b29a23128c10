"""PostgreSQL goes away and comes back under a running service."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from moderation.app import create_app
from moderation.services import access
from moderation.settings import Settings
from moderation.storage import sites
from moderation.storage.migrations import migrate
from moderation.storage.sites import Scope
from tests.conftest import SECRET
from tests.factories import FakeScorer, a_submission


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).parent if named else None


@dataclass
class Cluster:
    """A PostgreSQL of the test's own; the server refuses to run as root."""

    programs: Path
    place: Path
    port: int

    def run(self, name: str, *words: str) -> None:
        command = [str(self.programs / name), *words]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def start(self) -> None:
        options = f"-p {self.port} -h 127.0.0.1 -k {self.place} -c fsync=off"
        data, log = str(self.place / "data"), str(self.place / "log")
        self.run("pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.place / "data"), "-m", "immediate", "-w", "stop")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL's programs are missing")
    place = Path(tempfile.mkdtemp(prefix="moderasi-pg-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(place, owner.pw_uid, owner.pw_gid)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    made = Cluster(programs, place, port)
    made.run("initdb", "-D", str(place / "data"), "-A", "trust", "-U", "postgres", "-E", "UTF8")
    made.start()
    yield made
    made.stop()
    shutil.rmtree(place)


def test_while_it_is_away_nothing_is_acknowledged_and_afterwards_all_goes_on(
    cluster: Cluster,
) -> None:
    settings = Settings(secret_key=SECRET, database_url=cluster.url, secure_cookies=False)
    app = create_app(settings, scorer=FakeScorer())
    database = app.extensions["moderation"].database
    migrate(database.engine)
    with database.writing() as tx:
        now = datetime.now(UTC)
        key = access.issue_key(
            tx, sites.add_site(tx, "kabar", now=now), list(Scope), note="", now=now
        )
    headers, client = {"Authorization": f"Bearer {key}"}, app.test_client()

    def submit(number: int) -> int:
        sent = a_submission(comment_id=f"c-{number}")
        return client.post("/v1/comments", json=sent, headers=headers).status_code

    before = submit(1)
    cluster.stop()
    away = [submit(2), client.get("/readyz").status_code, client.get("/healthz").status_code]
    cluster.start()
    after = [submit(2), client.get("/readyz").status_code]
    found = client.get("/v1/comments?comment_id=c-1", headers=headers)

    assert before == 201
    assert away == [503, 503, 200]
    assert after == [201, 200]
    assert found.status_code == 200
    database.close()
