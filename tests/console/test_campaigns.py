import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.console.conftest import Browser
from tests.factories import MONDAY

Submit = Callable[..., dict[str, Any]]
SPAM = (
    "Kemarin modal receh di Mawar88 langsung cair jutaan, <b>buktikan</b> sendiri sebelum habis. "
    "Pendaftaran cepat, pelayanan ramah dua puluh empat jam, jangan sampai menyesal."
)


@pytest.fixture
def copies(client: FlaskClient, headers: dict[str, str], submit: Submit) -> None:
    """Three copies of one text by three writers."""
    client.put("/v1/rules/campaign", json={"mode": "on"}, headers=headers)
    for number in range(3):
        submit(f"c-{number}", SPAM, author={"id": f"u-{number}"})


def action(browser: Browser, act: str) -> str:
    found = re.search(rf'action="([^"]+/{act}\?[^"]*)"', browser.page.text)
    assert found is not None
    return found[1].replace("&amp;", "&")


def test_a_campaign_is_one_row_and_its_text_stays_text(browser: Browser, copies: None) -> None:
    page = browser.open("/console/campaigns").text

    assert "3 salinan" in page
    assert "3 akun" in page
    assert "<b>buktikan" not in page
    assert page.count('<rect class="series-review"') == 1 + 1


def test_variants_show_what_differs_and_articles_are_named(
    browser: Browser, copies: None, submit: Submit
) -> None:
    article = {"id": "a-9", "title": "Harga <i>gabah</i> naik"}
    submit("c-7", SPAM.replace("receh", "kecil"), author={"id": "u-7"}, article=article)

    page = browser.open("/console/campaigns").text

    assert "<mark>kecil</mark>" in page
    assert "<mark>receh</mark>" not in page
    assert "Harga &lt;i&gt;gabah&lt;/i&gt; naik" in page


def test_a_decision_holds_for_the_days_and_the_reason_chosen(
    browser: Browser, copies: None, client: FlaskClient, headers: dict[str, str]
) -> None:
    browser.open("/console/campaigns")
    path = action(browser, "reject")
    assert browser.send(path, days="15").status_code == 400
    assert browser.send(path, label="x").status_code == 400
    browser.open("/console/campaigns")

    browser.send(path, days="30", label="hate")

    (decided,) = client.get("/v1/campaigns", headers=headers).json["campaigns"]
    assert decided["expires_at"][:10] == f"{MONDAY + timedelta(days=30):%Y-%m-%d}"
    decisions = client.get("/v1/decisions", headers=headers).json["decisions"]
    assert {tuple(one["labels"]) for one in decisions} == {("hate",)}


def test_a_campaign_is_rejected_and_taken_back(
    browser: Browser, copies: None, submit: Submit
) -> None:
    browser.open("/console/campaigns")

    assert "beserta 3 komentar" in browser.send(action(browser, "reject")).text
    assert submit("c-9", SPAM, author={"id": "u-9"})["verdict"] == "reject"

    assert "4 komentar menunggu lagi" in browser.send(action(browser, "undo")).text
    assert submit("c-10", SPAM, author={"id": "u-10"})["verdict"] == "review"


def test_an_empty_page_says_what_is_missing(browser: Browser) -> None:
    assert "Tidak ada kampanye" in browser.open("/console/campaigns").text


def test_nobody_sees_campaigns_without_logging_in(stranger: Browser) -> None:
    stranger.open("/console/campaigns")

    assert stranger.path == "/console/login"
