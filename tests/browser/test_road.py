"""The whole road: a reader's reply, a moderator's decision, and the site that hears of it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import call
from tests.browser.service import Service

_CANDIDATES = (
    "Menteri itu memang tolol, kerjanya cuma jalan-jalan pakai uang kita.",
    "Penulisnya dibayar berapa, otaknya di mana?",
    "Orang-orang itu sebaiknya pulang saja ke asalnya.",
    "Hati-hati kalau lewat kampung kami malam-malam, bung.",
    "Admin cantik, boleh minta nomornya?",
    "Tämä on lause kielellä jota malli ei tunne lainkaan.",
)


@pytest.fixture
def borderline(service: Service) -> str:
    """A comment that the bundled champion sends to a person."""
    scored = call(service, "/v1/score", {"comments": [{"text": text} for text in _CANDIDATES]})
    verdicts = [one["verdict"] for one in scored["assessments"]]
    return _CANDIDATES[verdicts.index("review")]


def test_a_borderline_reply_travels_from_the_article_to_a_decision_and_back(
    context: object, logged_in: Page, service: Service, borderline: str, complaints: list[str]
) -> None:
    article = logged_in.context.new_page()
    article.goto("/demo")
    article.locator("#komentar").fill(borderline)
    article.locator("#nama").fill("Ujang")
    article.get_by_role("button", name="Kirim Komentar").click()
    expect(article.locator(".reply")).to_contain_text(borderline)
    expect(article.locator(".reply")).to_contain_text("menunggu moderasi")

    console = logged_in
    console.reload()
    console.keyboard.press("m")
    expect(console.get_by_role("heading", name="Tinjau komentar")).to_be_visible()
    expect(console.locator("article .comment-text").first).to_have_text(borderline)
    expect(console.get_by_text("Ujang")).to_be_visible()
    console.keyboard.press("c")
    console.keyboard.type("contoh")
    console.keyboard.press("Escape")
    console.keyboard.press("2")
    expect(console.get_by_text("Komentar ditolak.")).to_be_visible()

    # The demo article hears of it when the moderator can no longer take it back.
    expect(article.locator(".reply")).to_contain_text(
        "Redaksi tidak menerbitkan balasan Anda.", timeout=30_000
    )
    decisions = call(service, "/v1/decisions?after=0")["decisions"]
    assert [(one["decision"], one["labels"], one["note"]) for one in decisions] == [
        ("reject", ["abuse"], "contoh")
    ]
    assert complaints == []
