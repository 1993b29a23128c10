from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from moderation.app import create_app
from moderation.services.throttling import MOST_PER_ACCOUNT, WINDOW
from moderation.settings import Settings
from tests.console.conftest import Browser
from tests.factories import PASSWORD, FakeClock, FakeScorer


@pytest.fixture
def proxied(settings: Settings, scorer: FakeScorer, clock: FakeClock) -> Iterator[Flask]:
    app = create_app(replace(settings, proxies=1), scorer=scorer, clock=clock)
    yield app
    app.extensions["moderation"].database.close()


@pytest.mark.parametrize("username", ["sari", "tidak-ada"])
def test_guessing_is_slowed_down_alike_for_known_and_unknown_names(
    stranger: Browser, moderator: str, username: str
) -> None:
    wrong = [stranger.log_in(username, "salah-salah-salah") for _ in range(MOST_PER_ACCOUNT)]
    refused = stranger.log_in(username, PASSWORD)

    assert {page.status_code for page in wrong} == {401}
    assert all("Nama pengguna atau kata sandi salah." in page.text for page in wrong)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == WINDOW.total_seconds()
    assert "Terlalu banyak percobaan" in refused.text


def test_the_owner_gets_in_again_after_the_window(
    stranger: Browser, moderator: str, clock: FakeClock
) -> None:
    for _ in range(MOST_PER_ACCOUNT):
        stranger.log_in(moderator, "salah-salah-salah")
    clock.advance(minutes=15)

    assert stranger.log_in(moderator).request.path == "/console/queue"


def test_behind_a_proxy_the_address_is_the_client_s_and_nobody_else_can_name_one(
    app: Flask, proxied: Flask
) -> None:
    def remote(app: Flask) -> str:
        seen = []
        app.before_request_funcs[None].append(lambda: seen.append(request_address()))
        app.test_client().get("/healthz", headers={"X-Forwarded-For": "203.0.113.9"})
        return seen[0]

    assert remote(proxied) == "203.0.113.9"
    assert remote(app) == "127.0.0.1"


def request_address() -> str:
    from flask import request

    return str(request.remote_addr)


def test_a_session_ends_when_nothing_happens(browser: Browser, clock: FakeClock) -> None:
    clock.advance(seconds=7100)
    assert browser.open("/console/queue").request.path == "/console/queue"
    clock.advance(seconds=7100)
    assert browser.open("/console/queue").request.path == "/console/queue"
    clock.advance(seconds=7300)

    assert browser.open("/console/queue").request.path == "/console/login"


def test_a_session_ends_after_a_shift_however_busy(browser: Browser, clock: FakeClock) -> None:
    for _ in range(12):
        clock.advance(hours=1)
        assert browser.open("/console/queue").request.path == "/console/queue"
    clock.advance(minutes=1)

    assert browser.open("/console/queue").request.path == "/console/login"


def test_logging_in_begins_a_new_session(stranger: Browser, moderator: str) -> None:
    with stranger.client.session_transaction() as session:
        session["planted"] = "by somebody else"
        before = session.get("csrf_token")

    stranger.log_in(moderator)

    with stranger.client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before


def test_over_https_the_cookie_is_bound_to_this_host(
    settings: Settings, scorer: FakeScorer, moderator: str
) -> None:
    app = create_app(replace(settings, secure_cookies=True), scorer=scorer)

    cookie = app.test_client().get("/console/login").headers["Set-Cookie"]

    assert cookie.startswith("__Host-moderasi=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    app.extensions["moderation"].database.close()
