import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moderation.app import create_app
from moderation.settings import Settings
from tests.factories import FakeClock, FakeScorer


@pytest.fixture
def app(settings: Settings, scorer: FakeScorer, clock: FakeClock) -> Iterator[Flask]:
    limited = replace(settings, rate_limit_per_key=3, rate_limit_per_address=5)
    app = create_app(limited, scorer=scorer, clock=clock)
    yield app
    app.extensions["moderation"].database.close()


def test_every_answer_says_what_is_left(client: FlaskClient, headers: dict[str, str]) -> None:
    answers = [client.get("/v1/queue", headers=headers) for _ in range(2)]

    assert [answer.headers["RateLimit-Policy"] for answer in answers] == ['"key";q=3;w=60'] * 2
    left = [re.fullmatch(r'"key";r=(\d);t=\d+', a.headers["RateLimit"]) for a in answers]
    assert [found and found[1] for found in left] == ["2", "1"]


def test_beyond_the_limit_of_a_key_comes_429(client: FlaskClient, headers: dict[str, str]) -> None:
    for _ in range(3):
        assert client.get("/v1/queue", headers=headers).status_code == 200

    refused = client.get("/v1/queue", headers=headers)

    assert refused.status_code == 429
    assert refused.content_type == "application/problem+json"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit"].startswith('"key";r=0;')


def test_trying_keys_is_limited_by_address(client: FlaskClient, headers: dict[str, str]) -> None:
    for number in range(5):
        wrong = {"Authorization": f"Bearer wrong-{number}"}
        assert client.get("/v1/queue", headers=wrong).status_code == 401

    refused = client.get("/v1/queue", headers=headers)
    elsewhere = client.get(
        "/v1/queue", headers=headers, environ_overrides={"REMOTE_ADDR": "192.0.2.9"}
    )

    assert refused.status_code == 429
    assert refused.headers["RateLimit-Policy"] == '"address";q=5;w=60'
    assert elsewhere.status_code == 200


def test_akismet_holds_beyond_the_limit(client: FlaskClient, akismet_key: str) -> None:
    form = {"api_key": akismet_key, "comment_content": "baik", "user_ip": "192.0.2.1"}
    for _ in range(3):
        assert client.post("/1.1/comment-check", data=form).data == b"false"

    held = client.post("/1.1/comment-check", data=form)

    assert held.status_code == 200
    assert held.data not in {b"true", b"false", b"invalid"}
    assert held.headers["X-akismet-error"]


def test_perspective_says_resource_exhausted(client: FlaskClient, api_key: str) -> None:
    path = f"/v1alpha1/comments:analyze?key={api_key}"
    body = {"comment": {"text": "baik"}, "requestedAttributes": {"SPAM": {}}}
    for _ in range(3):
        assert client.post(path, json=body).status_code == 200

    refused = client.post(path, json=body)

    assert refused.status_code == 429
    assert refused.json["error"]["status"] == "RESOURCE_EXHAUSTED"
