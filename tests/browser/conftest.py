"""A browser, the system's Chromium, and the real service for it to visit."""

import json
import os
import shutil
import urllib.request
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser.service import Service, running

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("service")) as service:
        yield service


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is missing: install it, or name it with CHROMIUM (README, Tests)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, service: Service) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=service.url, locale="id-ID")
    yield context
    context.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console complained of: script errors, CSP violations, missing files."""
    return []


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Page:
    page = context.new_page()

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


@pytest.fixture
def logged_in(page: Page, service: Service) -> Page:
    log_in(page, service.user, service.password)
    return page


def log_in(page: Page, username: str, password: str) -> None:
    """Come to the queue as somebody."""
    page.goto("/console")
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(password)
    page.get_by_role("button", name="Masuk").click()
    page.get_by_role("heading", name="komentar menunggu").wait_for()


def call(
    service: Service, path: str, body: dict[str, Any] | None = None, *, method: str | None = None
) -> Any:
    """Call the API with the first key; a body makes it a POST."""
    request = urllib.request.Request(  # noqa: S310 - our own server
        service.url + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {service.key}", "Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)


def wait_for_a_person(service: Service, text: str, **fields: Any) -> str:
    """Submit a comment that waits, whatever the champion thinks of it; its queue item's id.

    It goes on in a language the champion does not know, until the champion asks a person.
    """
    for padding in range(20):
        body = call(
            service,
            "/v1/comments",
            {
                "comment_id": str(uuid4()),
                "text": f"{text} Tämä lause on kirjoitettu kielellä jota malli ei tunne lainkaan. "
                + "Pitäisikään ymmärtää yhtäkään sanaa. " * padding,
                **fields,
            },
        )
        if body["queue_item"]:
            item: str = body["queue_item"]
            return item
    raise AssertionError("the champion lets every one of these through")
