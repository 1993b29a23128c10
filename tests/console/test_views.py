"""What holds for all pages of the queue."""

from tests.console.conftest import Browser


def test_unknown_addresses_get_a_page_in_indonesian(browser: Browser) -> None:
    for path in ("/console/entah", "/console/items/01980000-0000-7000-8000-000000000000"):
        page = browser.open(path)
        assert (page.status_code, page.mimetype) == (404, "text/html")
        assert "Halaman tidak ditemukan" in page.text


def test_pages_carry_a_policy_that_forbids_inline_script_and_style(browser: Browser) -> None:
    page = browser.open("/console/queue")

    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert " style=" not in page.text
    assert " onclick=" not in page.text
