"""A console somebody is logged in to, and comments to look at."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from moderation.storage.engine import Database
from tests.factories import PASSWORD, a_moderator, a_submission

Submit = Callable[..., dict[str, Any]]


class Browser:
    """A client that fills in forms as a person would: with the token of the page it is on."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: TestResponse = client.get("/console/login")

    def open(self, path: str) -> TestResponse:
        self.page = self.client.get(path, follow_redirects=True)
        return self.page

    def send(self, path: str, **fields: Any) -> TestResponse:
        self.page = self.client.post(
            path, data={"csrf_token": self.token, **fields}, follow_redirects=True
        )
        return self.page

    @property
    def token(self) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.page.text)
        return found[1] if found else ""

    @property
    def path(self) -> str:
        return self.page.request.path

    def log_in(self, username: str, password: str = PASSWORD) -> TestResponse:
        self.open("/console/login")
        return self.send("/console/login", username=username, password=password)


@pytest.fixture
def browser(client: FlaskClient, moderator: str) -> Browser:
    browser = Browser(client)
    browser.log_in(moderator)
    return browser


@pytest.fixture
def stranger(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def submit(client: FlaskClient, headers: dict[str, str]) -> Callable[..., dict[str, Any]]:
    """Hand a comment in as a site does, and return the answer."""

    def submit(comment_id: str, text: str, **fields: Any) -> dict[str, Any]:
        answer = client.post(
            "/v1/comments",
            json=a_submission(text, comment_id=comment_id, **fields),
            headers=headers,
        )
        body: dict[str, Any] = answer.get_json()
        return body

    return submit


@pytest.fixture
def rival(app: Flask, database: Database) -> Browser:
    """Somebody else at the same queue."""
    browser = Browser(app.test_client())
    browser.log_in(a_moderator(database, "tono", "Tono"))
    return browser


@pytest.fixture
def held(browser: Browser, submit: Submit) -> dict[str, Any]:
    """A comment that Sari holds at version 2; she is on its page."""
    body = submit("c-1", "dasar goblok")
    browser.open("/console/queue")
    browser.send("/console/next")
    return body


def item_path(body: dict[str, Any]) -> str:
    return f"/console/items/{body['queue_item']}"
