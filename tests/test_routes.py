"""Every route of the whole service: who may call it, and what every answer carries."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter
from werkzeug.test import TestResponse

from moderation.app import create_app
from moderation.services import access
from moderation.settings import Settings
from moderation.storage import sites
from moderation.storage.engine import Database
from moderation.storage.sites import Scope
from tests.console.conftest import Browser
from tests.factories import MONDAY, FakeClock, FakeScorer, a_submission

# What anybody may see. A new route that is meant to be open is added here on purpose.
OPEN = {
    "console.login",
    "console.static",
    "demo.reply",
    "demo.show_article",
    "demo.show_outcome",
    "demo.static",
    "docs.show",
    "docs.show_asset",
    "docs.show_problems",
    "docs.static",
    "health.healthz",
    "health.readyz",
    "openapi.spec",
    "static",
}
# Other systems' protocols ask for their keys, and refuse, each in its own form: tests/adapters.
OTHER_PROTOCOLS = ("akismet.", "coral.", "perspective.")
SOME_ID = "0190a5b4-0000-7000-8000-000000000000"
REFUSED = {302, 303, 400, 401, 403, 404}
# Enough of a body for any route to get past its schema to the question of who asks.
BODIES: tuple[dict[str, Any], ...] = (
    {},
    {"lease_s": 60},
    {"decision": "approve", "version": 1},
    {"decision": "approve", "labels": [], "reporter": "x"},
)


@pytest.fixture
def app(settings: Settings, scorer: FakeScorer, clock: FakeClock) -> Iterator[Flask]:
    app = create_app(replace(settings, demo=True, demo_key="x" * 40), scorer=scorer, clock=clock)
    yield app
    app.extensions["moderation"].database.close()


@pytest.fixture
def browser(client: FlaskClient, moderator: str) -> Browser:
    browser = Browser(client)
    browser.log_in(moderator)
    return browser


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Each endpoint of our own, method and path, with a value for every variable."""
    for rule in app.url_map.iter_rules():
        path = rule.rule
        for name in rule.arguments:
            converter = rule._converters[name]
            kinds = {"UUIDConverter": SOME_ID, "IntegerConverter": "1"}
            value = kinds.get(type(converter).__name__, "x")
            if isinstance(converter, AnyConverter):
                value = min(converter.items)
            path = re.sub(rf"<([^<>]*:)?{name}>", value, path)
        if rule.endpoint.startswith(OTHER_PROTOCOLS):
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield rule.endpoint, method, path


def closed(app: Flask) -> list[tuple[str, str, str]]:
    return [route for route in routes(app) if route[0] not in OPEN]


def is_refused(answer: TestResponse) -> bool:
    to_login = answer.status_code in {302, 303} and "/console/login" in answer.headers["Location"]
    return answer.status_code in REFUSED and (answer.status_code not in {302, 303} or to_login)


def test_no_route_but_the_open_ones_answers_a_stranger(app: Flask, client: FlaskClient) -> None:
    for endpoint, method, path in closed(app):
        answer = client.open(path, method=method, json={} if "v1" in path else None)

        assert is_refused(answer), (endpoint, method, answer.status_code)


def test_no_route_of_the_api_takes_a_session_for_a_key(app: Flask, browser: Browser) -> None:
    for endpoint, method, path in closed(app):
        if path.startswith("/v1"):
            answer = browser.client.open(path, method=method, json={})

            assert answer.status_code == 401, (endpoint, method)


def test_no_page_takes_a_key_for_a_session(
    app: Flask, client: FlaskClient, headers: dict[str, str]
) -> None:
    for endpoint, method, path in closed(app):
        if path.startswith("/console"):
            answer = client.open(path, method=method, headers=headers)

            assert is_refused(answer), (endpoint, method)


def test_nothing_is_changed_with_a_cookie_without_the_token_of_the_page(
    app: Flask, browser: Browser
) -> None:
    for endpoint, method, path in routes(app):
        if method == "GET" or path.startswith("/v1"):
            continue
        answer = browser.client.open(path, method=method, data={"version": "1"})

        assert is_refused(answer), (endpoint, method, answer.status_code)


def test_nothing_of_one_site_is_reached_with_the_key_of_another(
    app: Flask, client: FlaskClient, headers: dict[str, str], database: Database
) -> None:
    sent = a_submission("dasar goblok")
    stored = client.post("/v1/comments", json=sent, headers=headers).get_json()
    with database.writing() as tx:
        other = sites.add_site(tx, "warta", now=MONDAY)
        key = access.issue_key(tx, other, list(Scope), note="", now=MONDAY)
    theirs = {"Authorization": f"Bearer {key}"}

    for endpoint, method, path in routes(app):
        if not path.startswith("/v1") or SOME_ID not in path:
            continue
        for ours in (stored["id"], stored["queue_item"]):
            for body in BODIES:
                answer = client.open(
                    path.replace(SOME_ID, ours), method=method, json=body, headers=theirs
                )
                assert answer.status_code in {403, 404, 422}, (endpoint, method, body)

    after = client.get(f"/v1/comments/{stored['id']}", headers=headers).get_json()
    assert after == stored


def test_every_answer_is_safe_in_a_browser_and_names_its_request(
    app: Flask, client: FlaskClient
) -> None:
    for endpoint, method, path in routes(app):
        answer = client.open(path, method=method)
        sent = answer.headers

        assert answer.status_code < 500 or endpoint.startswith(("demo", "health")), endpoint
        assert sent["X-Content-Type-Options"] == "nosniff", endpoint
        assert "frame-ancestors 'none'" in sent["Content-Security-Policy"], endpoint
        assert sent["Referrer-Policy"] in {"no-referrer", "same-origin"}, endpoint
        assert len(sent["X-Request-Id"]) == 24, endpoint
        if path.startswith(("/console", "/v1")) and ".static" not in endpoint:
            assert sent["Cache-Control"] == "no-store", endpoint
