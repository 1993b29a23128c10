"""Logging in and out of the console."""

import pytest
from flask.testing import FlaskClient

from moderation.services import access
from moderation.storage import users
from moderation.storage.engine import Database
from tests.console.conftest import Browser
from tests.factories import PASSWORD


@pytest.mark.parametrize("path", ["/console/queue", "/console/", "/console/items/unknown"])
def test_a_stranger_is_asked_to_log_in(stranger: Browser, path: str) -> None:
    page = stranger.open(path)

    assert stranger.path == "/console/login"
    assert "Silakan masuk dahulu." in page.text


def test_a_person_logs_in_and_comes_to_the_page_they_wanted(
    stranger: Browser, moderator: str
) -> None:
    stranger.open("/console/queue?label=spam")

    stranger.send(
        "/console/login?next=/console/queue?label=spam", username=moderator, password=PASSWORD
    )

    assert stranger.path == "/console/queue"
    assert stranger.page.request.args["label"] == "spam"


@pytest.mark.parametrize(
    "wanted",
    ["https://jahat.example/console/", "//jahat.example/console", "/v1/queue", "javascript:1"],
)
def test_login_leads_nowhere_outside_the_console(
    stranger: Browser, moderator: str, wanted: str
) -> None:
    stranger.send(f"/console/login?next={wanted}", username=moderator, password=PASSWORD)

    assert stranger.path == "/console/queue"


@pytest.mark.parametrize(("username", "password"), [("sari", "salah"), ("siapa", PASSWORD)])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    stranger: Browser, moderator: str, username: str, password: str
) -> None:
    page = stranger.log_in(username, password)

    assert page.status_code == 401
    assert "Nama pengguna atau kata sandi salah." in page.text


def test_a_login_form_without_its_token_is_refused(client: FlaskClient, moderator: str) -> None:
    client.post("/console/login", data={"username": moderator, "password": PASSWORD})

    assert client.get("/console/queue").status_code == 302


def test_logging_out_ends_the_session(browser: Browser) -> None:
    browser.open("/console/queue")
    browser.send("/console/logout")

    browser.open("/console/queue")

    assert browser.path == "/console/login"


def test_a_copied_cookie_opens_nothing_after_its_owner_logged_out(
    browser: Browser, stranger: Browser
) -> None:
    copied = browser.client.get_cookie("moderasi")
    assert copied is not None
    browser.open("/console/queue")
    browser.send("/console/logout")
    stranger.client.set_cookie("moderasi", copied.value)

    stranger.open("/console/queue")

    assert stranger.path == "/console/login"


def test_logging_out_leaves_a_persons_other_sessions_alone(
    browser: Browser, stranger: Browser
) -> None:
    stranger.log_in("sari")
    browser.open("/console/queue")
    browser.send("/console/logout")

    stranger.open("/console/queue")

    assert stranger.path == "/console/queue"


def test_a_new_password_ends_every_session(browser: Browser, database: Database) -> None:
    with database.writing() as tx:
        user = users.find_by_name(tx, "sari")
        assert user is not None
        access.change_password(tx, user, "kata-sandi-yang-baru")

    browser.open("/console/queue")

    assert browser.path == "/console/login"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    stranger: Browser, moderator: str
) -> None:
    page = stranger.client.get("/console/login")

    cookie = page.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
