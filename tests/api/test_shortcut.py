"""A plain submission is answered in front of Flask, in no way otherwise than by Flask."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, TestResponse

from moderation.app import create_app
from moderation.services import access
from moderation.services.intake import Intake
from moderation.settings import Settings
from moderation.storage.engine import Database
from moderation.storage.schema import comments
from moderation.storage.sites import Scope, Site
from tests.factories import MONDAY, FakeClock, FakeScorer, a_submission

Headers = dict[str, str]

SHORT, LONG = "/v1/comments", "/v1/comments?anything=1"
"""The service looks at no parameter; with one, Flask sees the request."""
# Different in any two answers.
_OWN = {"X-Request-Id", "RateLimit"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: neither way knows which database there is."""
    return sqlite_url


@pytest.fixture
def seen_by_flask(app: Flask) -> list[str]:
    """The paths of requests that came as far as Flask's own hooks."""
    seen: list[str] = []
    app.before_request_funcs[None].append(lambda: seen.append("seen"))
    return seen


def both(client: FlaskClient, **request: Any) -> tuple[TestResponse, TestResponse]:
    """Return the answers of both ways; a body in JSON gets a name of its own for each."""
    answers = []
    for number, path in enumerate((SHORT, LONG)):
        body = request.get("json")
        named = {"json": {**body, "comment_id": f"c-{number}"}} if isinstance(body, dict) else {}
        answers.append(client.post(path, **{**request, **named}))
    return answers[0], answers[1]


def told(answer: TestResponse) -> dict[str, Any]:
    """Return all an answer says but what is its own."""
    text = re.sub(r"\bc-\d\b|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "…", answer.text)
    headers = {name: value for name, value in answer.headers.items() if name not in _OWN}
    return {"status": answer.status, "headers": headers, "body": text}


@pytest.mark.parametrize(
    "text", ["Beritanya lengkap, terima kasih.", "dasar goblok", "Main di sini GACOR"]
)
def test_a_comment_gets_the_same_answer_on_either_way(
    client: FlaskClient, headers: Headers, seen_by_flask: list[str], text: str
) -> None:
    short, long = both(client, headers=headers, json=a_submission(text))

    assert told(short) == told(long)
    assert short.status_code == 201
    assert short.headers["RateLimit"].startswith('"key";r=')
    assert len(seen_by_flask) == 1


def test_a_repeat_and_a_conflict_get_the_same_answer_on_either_way(
    client: FlaskClient, headers: Headers, seen_by_flask: list[str]
) -> None:
    first = both(client, headers=headers, json=a_submission())
    repeats = both(client, headers=headers, json=a_submission())
    others = both(client, headers=headers, json=a_submission("Lain sekali."))

    assert [answer.json for answer in repeats] == [answer.json for answer in first]
    assert told(repeats[0]) == told(repeats[1])
    assert told(others[0]) == told(others[1])
    assert [repeats[0].status_code, others[0].status_code] == [200, 409]
    assert len(seen_by_flask) == 3


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"json": a_submission("")}, 422),
        ({"json": a_submission(author={"name": 7})}, 422),
        ({"json": {**a_submission(), "more": 1}}, 422),
        ({"data": b"{}", "content_type": "application/json"}, 422),
        ({"data": b"", "content_type": "application/json"}, 422),
        ({"data": b"[1, 2", "content_type": "application/json"}, 400),
        ({"data": b"\xff", "content_type": "application/json"}, 400),
        ({"data": b'{"text": NaN}', "content_type": "application/json"}, 400),
        ({"data": b"text=hello", "content_type": "text/plain"}, 415),
    ],
)
def test_a_body_that_cannot_be_accepted_is_refused_alike_and_counted_once(
    client: FlaskClient, headers: Headers, request_: dict[str, Any], status: int
) -> None:
    short, long = both(client, headers=headers, **request_)

    assert told(short) == told(long)
    assert short.status_code == status
    left = [int(re.findall(r"r=(\d+)", answer.headers["RateLimit"])[0]) for answer in (short, long)]
    assert left[0] - left[1] == 1


@pytest.mark.parametrize("authorization", ["", "Basic abc", "Bearer ", "Bearer mb_wrong"])
def test_without_a_key_both_ways_refuse_alike(client: FlaskClient, authorization: str) -> None:
    short, long = both(client, headers={"Authorization": authorization}, json=a_submission())

    assert told(short) == told(long)
    assert short.status_code == 401
    assert short.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_without_the_scope_is_refused_alike(
    client: FlaskClient, database: Database, site: Site
) -> None:
    with database.writing() as tx:
        key = access.issue_key(tx, site, [Scope.AKISMET], note="tests", now=MONDAY)

    short, long = both(client, headers={"Authorization": f"Bearer {key}"}, json=a_submission())

    assert told(short) == told(long)
    assert short.status_code == 403


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError("boom"), 500),
        (sa.exc.OperationalError("COMMIT", None, Exception("disk is full")), 503),
    ],
)
def test_what_fails_is_answered_alike(
    client: FlaskClient,
    headers: Headers,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(Intake, "submit", fail)
    monkeypatch.setattr(Intake, "submit_all", fail)

    short, long = both(client, headers=headers, json=a_submission())

    assert told(short) == told(long)
    assert short.status_code == status


class TestBeyondTheLimit:
    @pytest.fixture(params=[{"rate_limit_per_key": 2}, {"rate_limit_per_address": 2}])
    def app(
        self,
        request: pytest.FixtureRequest,
        settings: Settings,
        scorer: FakeScorer,
        clock: FakeClock,
    ) -> Iterator[Flask]:
        app = create_app(replace(settings, **request.param), scorer=scorer, clock=clock)
        yield app
        app.extensions["moderation"].database.close()

    def test_both_ways_refuse_alike(self, client: FlaskClient, headers: Headers) -> None:
        both(client, headers=headers, json=a_submission())

        short, long = both(client, headers=headers, json=a_submission())

        assert told(short) == told(long)
        assert short.status_code == 429
        assert "Retry-After" in short.headers


def test_a_request_that_names_an_idempotency_key_goes_the_long_way(
    client: FlaskClient, headers: Headers, seen_by_flask: list[str]
) -> None:
    answers = [
        client.post(SHORT, json=a_submission(), headers={**headers, "Idempotency-Key": "k-1"})
        for _ in range(2)
    ]

    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert len(seen_by_flask) == 2


def as_environ(headers: Headers, **request: Any) -> dict[str, Any]:
    return EnvironBuilder(
        path=SHORT, method="POST", headers=list(headers.items()), **request
    ).get_environ()


def test_several_are_answered_together_each_for_itself(
    app: Flask, headers: Headers, database: Database
) -> None:
    edge: Any = app.wsgi_app
    environs = [
        as_environ(headers, json=a_submission(comment_id="c-1")),
        as_environ({}, json=a_submission(comment_id="c-2")),
        as_environ(headers, json=a_submission("", comment_id="c-3")),
        as_environ(headers, json=a_submission("dasar goblok", comment_id="c-4")),
        as_environ(headers, json=a_submission("Lain sekali.", comment_id="c-1")),
        as_environ({**headers, "Idempotency-Key": "k-1"}, json=a_submission(comment_id="c-5")),
    ]

    answers = edge.answer_all(environs)

    statuses = [answer and answer.status[:3] for answer in answers]
    assert statuses == ["201", "401", None, "201", "409", None]
    assert json.loads(answers[3].body)["verdict"] == "review"
    ids = {dict(answer.headers)["X-Request-Id"] for answer in answers if answer}
    assert len(ids) == 4
    with database.reading() as tx:
        count = tx.execute(sa.select(sa.func.count()).select_from(comments)).scalar_one()
    assert count == 2


def test_behind_a_proxy_several_are_counted_for_those_who_sent_them(
    settings: Settings, scorer: FakeScorer, clock: FakeClock, headers: Headers
) -> None:
    app = create_app(
        replace(settings, proxies=1, rate_limit_per_address=1), scorer=scorer, clock=clock
    )
    senders = ["192.0.2.1", "192.0.2.2", "192.0.2.1"]
    environs = [
        as_environ({**headers, "X-Forwarded-For": sender}, json=a_submission(comment_id=f"c-{at}"))
        for at, sender in enumerate(senders)
    ]

    edge: Any = app.wsgi_app
    answers = edge.answer_all(environs)

    app.extensions["moderation"].database.close()
    assert [answer.status[:3] for answer in answers] == ["201", "201", "429"]
