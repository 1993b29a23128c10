import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moderation.app import create_app
from moderation.settings import Settings
from tests.factories import FakeClock, FakeScorer, a_submission

TOKEN = "token-untuk-prometheus-saja"


@pytest.fixture
def app(settings: Settings, scorer: FakeScorer, clock: FakeClock) -> Iterator[Flask]:
    app = create_app(replace(settings, metrics_token=TOKEN), scorer=scorer, clock=clock)
    yield app
    app.extensions["moderation"].database.close()


def read(client: FlaskClient) -> dict[str, float]:
    """Every sample by its name with labels."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    found = re.findall(r"^(moderasi_\S+) (\S+)$", answer.text, re.MULTILINE)
    return {name: float(value) for name, value in found}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer salah", f"Basic {TOKEN}", TOKEN])
def test_without_the_token_nothing_is_told(client: FlaskClient, header: str) -> None:
    answer = client.get("/metrics", headers={"Authorization": header})

    assert answer.status_code == 401
    assert "moderasi_" not in answer.text


def test_where_no_token_is_set_nobody_reads(settings: Settings, scorer: FakeScorer) -> None:
    client = create_app(settings, scorer=scorer).test_client()

    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 401


def test_queue_model_and_answers_are_counted(
    client: FlaskClient, headers: dict[str, str], clock: FakeClock
) -> None:
    before = read(client)
    for number, text in enumerate(["goblok kamu", "dasar goblok", "Beritanya bagus"]):
        sent = a_submission(text, comment_id=f"c-{number}")
        client.post("/v1/comments", json=sent, headers=headers)
    clock.advance(minutes=2)

    after = read(client)

    assert after['moderasi_queue_depth{queue="kabar"}'] == 2
    assert after['moderasi_queue_oldest_seconds{queue="kabar"}'] == 120
    assert after['moderasi_model_info{version="fake-1"}'] == 1
    for name, more in (
        ('moderasi_decisions_total{label="abuse",source="model",verdict="review"}', 2),
        ('moderasi_decisions_total{label="none",source="model",verdict="approve"}', 1),
        ("moderasi_score_seconds_count", 3),
        ('moderasi_requests_total{status="2xx"}', 4),
    ):
        assert after[name] - before.get(name, 0) == more, name


def test_a_decision_is_counted_with_its_source(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    name = 'moderasi_decisions_total{label="abuse",source="site",verdict="reject"}'
    before = read(client).get(name, 0)
    sent = client.post("/v1/comments", json=a_submission("goblok"), headers=headers).get_json()
    client.post(
        f"/v1/comments/{sent['id']}/feedback",
        json={"decision": "reject", "labels": ["abuse"]},
        headers=headers,
    )

    assert read(client)[name] == before + 1


def test_drift_is_told_with_what_was_expected_and_whether_it_warns(
    client: FlaskClient,
    headers: dict[str, str],
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("moderation.domain.drift.FEWEST_DECISIONS", 1)
    sent = a_submission("dasar goblok")
    client.post("/v1/comments", json=sent, headers=headers)
    asked = {"moderator": "sari", "count": 1, "lease_s": 600}
    (item,) = client.post("/v1/queue/claim", json=asked, headers=headers).get_json()["items"]
    ruling = {"decision": "approve", "version": item["version"]}
    client.post(f"/v1/queue/{item['id']}/decision", json=ruling, headers=headers)
    clock.advance(minutes=1)

    told = read(client)

    named = '{measure="overturned_label",name="abuse"}'
    assert told[f"moderasi_drift{named}"] == 1
    assert told[f"moderasi_drift_expected{named}"] == 0.5
    assert told[f"moderasi_drift_warning{named}"] == 1
    assert 'moderasi_drift{measure="scores",name="spam"}' not in told
