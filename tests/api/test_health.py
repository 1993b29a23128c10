import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from moderation.app import create_app
from moderation.settings import Settings
from tests.conftest import SECRET
from tests.factories import FakeScorer


def test_a_running_process_is_healthy(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_with_database_and_champion_the_service_is_ready(client: FlaskClient) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json == {
        "status": "ok",
        "database": "ok",
        "champion": "ok",
        "model_version": "fake-1",
    }


def test_without_a_champion_the_service_is_not_ready_and_still_takes_comments(
    client: FlaskClient, scorer: FakeScorer
) -> None:
    scorer.version = ""

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json["champion"] == "missing"


def test_a_database_that_was_never_migrated_is_named(app: Flask, client: FlaskClient) -> None:
    with app.extensions["moderation"].database.writing() as tx:
        tx.execute(sa.text("DROP TABLE alembic_version"))

    assert client.get("/readyz").json["database"] == "not migrated"


def test_a_database_that_is_gone_is_named_without_a_trace(
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings = Settings(secret_key=SECRET, database_url="sqlite:////nowhere/at/all.db")
    client = create_app(settings, scorer=FakeScorer()).test_client()

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json["database"] == "unreachable"
    assert "the database does not answer" in caplog.text
