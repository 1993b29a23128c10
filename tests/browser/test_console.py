"""The console in a real browser: keys, hostile text, a small screen."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_for_a_person
from tests.browser.service import Service

_HOSTILE = (
    "<script>document.title='kena'</script> <img src=x onerror=document.title='kena'> "
    "\u202eterbalik\u202c " + "z\u0351\u0343\u030d" * 40 + " " + "panjang" * 60
)


@pytest.fixture
def waiting(service: Service) -> str:
    """A hostile comment that waits, whatever the champion thinks of it; its queue item's id."""
    return wait_for_a_person(
        service, _HOSTILE, author={"name": "</bdi><script>document.title='kena'</script>"}
    )


def test_hostile_text_is_shown_and_does_nothing(
    logged_in: Page, waiting: str, complaints: list[str]
) -> None:
    logged_in.goto(f"/console/items/{waiting}")

    expect(logged_in.locator("article .comment-text").first).to_contain_text("<script>")
    expect(logged_in.locator(".unseen").first).to_have_text("U+202E")
    assert "kena" not in logged_in.title()
    assert complaints == []


@pytest.mark.parametrize("path", ["/console/queue", "/console/items/{item}", "/demo"])
def test_pages_fit_a_phone(logged_in: Page, waiting: str, path: str) -> None:
    logged_in.set_viewport_size({"width": 360, "height": 740})
    logged_in.goto(path.format(item=waiting))

    overflow = logged_in.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow == 0


def test_keys_are_silent_while_somebody_types(logged_in: Page, waiting: str) -> None:
    logged_in.goto(f"/console/items/{waiting}")
    logged_in.get_by_role("button", name="Ambil", exact=False).first.click()
    note = logged_in.get_by_label("Catatan untuk redaksi")
    note.fill("")
    note.press_sequentially("salt 12")

    expect(note).to_have_value("salt 12")
    expect(logged_in).to_have_url(re.compile(waiting))
    logged_in.get_by_role("button", name="Lewati").click()
    expect(logged_in).not_to_have_url(re.compile(waiting))


def test_the_lease_counts_down_before_ones_eyes(
    logged_in: Page, waiting: str, complaints: list[str]
) -> None:
    logged_in.goto(f"/console/items/{waiting}")
    logged_in.keyboard.press("f")

    expect(logged_in.locator("[data-countdown]")).to_contain_text("9.5")
    logged_in.get_by_role("button", name="Lewati").click()
    assert complaints == []
