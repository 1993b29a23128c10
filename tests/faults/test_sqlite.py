"""A full disk, a lock nobody gives back, a database that is away: said clearly, nothing lost."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from moderation.app import create_app
from moderation.settings import Settings
from moderation.storage import engine
from moderation.storage.engine import Database
from moderation.storage.schema import comments
from tests.factories import FakeScorer, a_submission


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def submit(client: FlaskClient, headers: dict[str, str], number: int) -> TestResponse:
    sent = a_submission("Panjang sekali. " * 500, comment_id=f"c-{number}")
    return client.post("/v1/comments", json=sent, headers=headers)


def count(database: Database) -> int:
    with database.reading() as tx:
        return int(tx.execute(sa.select(sa.func.count()).select_from(comments)).scalar_one())


def is_told_to_come_back(answer: TestResponse) -> bool:
    return (
        answer.status_code == 503
        and answer.headers["Retry-After"] == "5"
        and answer.get_json()["type"] == "/docs/problems#storage-unavailable"
    )


def test_on_a_full_disk_nothing_is_acknowledged_and_with_room_it_goes_on(
    app: Flask,
    client: FlaskClient,
    headers: dict[str, str],
    database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with database.reading() as tx:
        most = [tx.exec_driver_sql("PRAGMA page_count").scalar_one() + 20]
    served = app.extensions["moderation"].database

    def fill(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {most[0]}")

    sa.event.listen(served.engine, "checkout", fill)
    answers = [submit(client, headers, number) for number in range(40)]
    stored = sum(answer.status_code == 201 for answer in answers)
    most[0] = 100_000
    again = [submit(client, headers, number).status_code for number in range(40)]

    assert 0 < stored < 40
    assert all(is_told_to_come_back(answer) for answer in answers if answer.status_code != 201)
    assert any("the database cannot be used" in record.message for record in caplog.records)
    assert set(again) == {200, 201}
    assert count(database) == 40
    with database.reading() as tx:
        assert tx.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


def test_a_lock_nobody_gives_back_is_reported_to_all_that_wait_and_ends_with_it(
    settings: Settings,
    headers: dict[str, str],
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "SQLITE_BUSY_TIMEOUT_MS", 100)
    app = create_app(settings, scorer=FakeScorer())
    path = str(sa.make_url(settings.database_url).database)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: submit(app.test_client(), headers, n), range(16)))
    other.execute("ROLLBACK")
    other.close()

    assert all(is_told_to_come_back(answer) for answer in answers)
    assert submit(app.test_client(), headers, 0).status_code == 201
    assert count(database) == 1
    app.extensions["moderation"].database.close()


def test_a_database_that_cannot_be_opened_is_said_in_health_and_answers(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = replace(settings, database_url=f"sqlite:///{tmp_path}/gone/x.db")
    client = create_app(nowhere, scorer=FakeScorer()).test_client()

    answer = submit(client, {"Authorization": "Bearer mb_x"}, 1)

    assert is_told_to_come_back(answer)
    assert client.get("/readyz").get_json()["database"] == "unreachable"
    assert client.get("/healthz").status_code == 200
    assert any("the database does not answer" in record.message for record in caplog.records)
