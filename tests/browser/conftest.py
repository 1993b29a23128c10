"""A browser, the system's Chromium, and the real service for it to visit."""

import json
import os
import shutil
import urllib.request
from collections.abc import Iterator
from typing import Any

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
    page.goto("/console")
    page.get_by_label("Nama pengguna").fill(service.user)
    page.get_by_label("Kata sandi").fill(service.password)
    page.get_by_role("button", name="Masuk").click()
    page.get_by_role("heading", name="komentar menunggu").wait_for()
    return page


def call(service: Service, path: str, body: dict[str, Any] | None = None) -> Any:
    """Call the API with the first key; a body makes it a POST."""
    request = urllib.request.Request(  # noqa: S310 - our own server
        service.url + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {service.key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)
