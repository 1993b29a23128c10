"""A second step when logging in: switched on, asked for, and switched off."""

import re

import pyotp
import pytest

from moderation.services.throttling import MOST_PER_ACCOUNT
from tests.console.conftest import Browser
from tests.factories import PASSWORD, FakeClock

PAGE = "/console/me/second-factor"


def switch_on(browser: Browser, clock: FakeClock) -> tuple[pyotp.TOTP, list[str]]:
    """Go the way a person goes, and return their device and recovery codes."""
    browser.open(PAGE)
    page = browser.send(f"{PAGE}/begin", password=PASSWORD)
    found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page.text)
    assert found is not None
    device = pyotp.TOTP(found[1].replace(" ", ""))
    page = browser.send(f"{PAGE}/confirm", code=device.at(clock()))
    codes = re.findall(r"<code>([A-Z2-7-]{19})</code>", page.text)
    clock.advance(minutes=1)
    return device, codes


@pytest.fixture
def device(browser: Browser, clock: FakeClock) -> pyotp.TOTP:
    return switch_on(browser, clock)[0]


def test_the_session_begins_only_after_the_second_step(
    browser: Browser, stranger: Browser, clock: FakeClock, device: pyotp.TOTP
) -> None:
    with stranger.client.session_transaction() as session:
        session["planted"] = "by somebody else"
    stranger.open("/console/login")
    stranger.send("/console/login?next=/console/search", username="sari", password=PASSWORD)
    assert stranger.path == "/console/login/code"
    assert stranger.open("/console/queue").request.path == "/console/login"

    step = "/console/login/code?next=/console/search"
    stranger.open(step)
    code = device.at(clock())
    wrong = str((int(code) + 1) % 1_000_000).zfill(6)
    assert stranger.send(step, code=wrong).status_code == 401
    stranger.send(step, code=code)

    assert stranger.path == "/console/search"
    with stranger.client.session_transaction() as session:
        assert "planted" not in session
        assert "halfway" not in session
    stranger.send("/console/logout")
    stranger.log_in("sari")
    assert stranger.send("/console/login/code", code=code).status_code == 401


def test_switching_on_shows_the_secret_before_and_the_codes_once(
    browser: Browser, stranger: Browser, clock: FakeClock
) -> None:
    stranger.log_in("sari")
    browser.open(PAGE)
    assert browser.send(f"{PAGE}/begin", password="salah-salah").status_code == 400
    begun = browser.send(f"{PAGE}/begin", password=PASSWORD)
    assert "<svg viewBox" in begun.text
    assert "style=" not in begun.text
    assert "tidak cocok" in browser.send(f"{PAGE}/confirm", code="tidak").text

    device, codes = switch_on(browser, clock)

    assert len(codes) == 10
    page = browser.open(PAGE)
    assert "Kode cadangan yang tersisa: 10." in page.text
    assert not [code for code in (*codes, device.secret[:4] + " ") if code in page.text]
    assert browser.send(f"{PAGE}/begin", password=PASSWORD).request.path == PAGE
    assert browser.send(f"{PAGE}/begin", password="salah-salah").status_code == 400
    assert stranger.open("/console/queue").request.path == "/console/login"


def test_a_recovery_code_lets_in_once_and_says_how_many_are_left(
    browser: Browser, stranger: Browser, clock: FakeClock
) -> None:
    _, codes = switch_on(browser, clock)
    stranger.log_in("sari")
    page = stranger.send("/console/login/code", code=codes[3])

    assert "Tersisa 9." in page.text


def test_codes_are_slowed_down_with_passwords_and_the_password_pays_for_none(
    stranger: Browser, clock: FakeClock, device: pyotp.TOTP
) -> None:
    statuses = []
    for _ in range(MOST_PER_ACCOUNT // 2):
        stranger.log_in("sari")
        statuses.append(stranger.send("/console/login/code", code="000000").status_code)
    refused = stranger.send("/console/login/code", code=device.at(clock()))

    assert set(statuses) == {401}
    assert refused.status_code == 429
    assert stranger.log_in("sari").status_code == 429


def test_the_second_step_waits_five_minutes_and_for_nobody_else(
    stranger: Browser, clock: FakeClock, device: pyotp.TOTP
) -> None:
    assert stranger.open("/console/login/code").request.path == "/console/login"
    stranger.log_in("sari")
    clock.advance(minutes=5, seconds=1)

    assert stranger.send("/console/login/code", code=device.at(clock())).request.path == (
        "/console/login"
    )


def test_switching_off_needs_password_and_code(
    browser: Browser, stranger: Browser, clock: FakeClock, device: pyotp.TOTP
) -> None:
    browser.open(PAGE)
    code = device.at(clock())
    refusals = [
        browser.send(f"{PAGE}/off", password="salah-salah", code=code),
        browser.send(f"{PAGE}/off", password=PASSWORD, code="000000"),
        browser.send(f"{PAGE}/codes", password=PASSWORD, code="000000"),
        browser.send(f"{PAGE}/off", password=PASSWORD),
    ]
    assert {page.status_code for page in refusals} == {400}

    assert "dimatikan" in browser.send(f"{PAGE}/off", password=PASSWORD, code=code).text
    assert stranger.log_in("sari").request.path == "/console/queue"


def test_new_recovery_codes_end_the_old(
    browser: Browser, stranger: Browser, clock: FakeClock
) -> None:
    device, old = switch_on(browser, clock)
    browser.open(PAGE)
    page = browser.send(f"{PAGE}/codes", password=PASSWORD, code=device.at(clock()))
    new = re.findall(r"<code>([A-Z2-7-]{19})</code>", page.text)

    stranger.log_in("sari")
    assert stranger.send("/console/login/code", code=old[0]).status_code == 401
    assert stranger.send("/console/login/code", code=new[0]).request.path == "/console/queue"
