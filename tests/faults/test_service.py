"""Faults that are the same to both databases: the clock, the champion, the scorer."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from moderation.app import create_app
from moderation.settings import Settings
from tests.factories import FakeClock, FakeScorer, a_submission


def submit(client: FlaskClient, headers: dict[str, str], number: int) -> TestResponse:
    sent = a_submission(comment_id=f"c-{number}")
    return client.post("/v1/comments", json=sent, headers=headers)


def test_a_clock_that_steps_back_loses_and_doubles_nothing(
    client: FlaskClient, headers: dict[str, str], clock: FakeClock
) -> None:
    decided = []
    for number in range(6):
        clock.advance(minutes=-30 if number % 2 else 10)
        sent = a_submission("dasar goblok", comment_id=f"c-{number}")
        assert client.post("/v1/comments", json=sent, headers=headers).status_code == 201
        asked = {"moderator": "sari", "count": 5, "lease_s": 600}
        items = client.post("/v1/queue/claim", json=asked, headers=headers).get_json()["items"]
        clock.advance(minutes=-1)
        for item in items:
            answer = client.post(
                f"/v1/queue/{item['id']}/decision",
                json={"decision": "approve", "version": item["version"]},
                headers=headers,
            )
            assert answer.status_code == 200
            decided.append(item["comment"]["comment_id"])

    page = client.get("/v1/decisions", headers=headers).get_json()["decisions"]
    assert decided == [f"c-{number}" for number in range(6)]
    assert [one["comment_id"] for one in page] == decided
    assert [one["cursor"] for one in page] == [str(n) for n in range(1, 7)]


def test_a_damaged_champion_sends_every_comment_to_a_person(
    settings: Settings,
    headers: dict[str, str],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / "champion.json").write_text('{"version": "cut off')
    app = create_app(replace(settings, models_dir=models))
    client = app.test_client()

    answer = client.post("/v1/comments", json=a_submission(), headers=headers)

    assert (answer.status_code, answer.get_json()["verdict"]) == (201, "review")
    assert client.get("/readyz").get_json()["champion"] == "missing"
    assert any("no champion" in record.message for record in caplog.records)
    assert caplog.records[0].levelno == logging.ERROR
    app.extensions["moderation"].database.close()


def test_a_failing_scorer_sends_the_comment_to_a_person_and_the_next_is_scored(
    client: FlaskClient,
    headers: dict[str, str],
    scorer: FakeScorer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    scorer.broken = True
    failed = submit(client, headers, 1).get_json()
    scorer.broken = False
    scored = submit(client, headers, 2).get_json()

    assert (failed["verdict"], failed["scores"]) == ("review", {})
    assert scored["verdict"] == "approve"
    assert any("scoring failed" in record.message for record in caplog.records)


def test_a_challenger_that_is_missing_is_told_and_the_service_runs(
    settings: Settings,
    scorer: FakeScorer,
    headers: dict[str, str],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    wanted = replace(settings, models_dir=tmp_path, shadow_model="gone", shadow_share=1.0)
    app = create_app(wanted, scorer=scorer)

    answer = submit(app.test_client(), headers, 1)

    assert answer.status_code == 201
    assert "no challenger gone" in caplog.text
    app.extensions["moderation"].database.close()
