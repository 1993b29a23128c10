"""The queue and the page of one comment."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moderation.settings import Settings
from moderation.storage.engine import Database
from tests.console.conftest import Browser
from tests.factories import FakeClock, a_moderator

Submit = Callable[..., dict[str, Any]]


@pytest.fixture
def rival(app: Flask, database: Database) -> Browser:
    """Somebody else at the same queue."""
    browser = Browser(app.test_client())
    browser.log_in(a_moderator(database, "tono", "Tono"))
    return browser


def item_path(body: dict[str, Any]) -> str:
    return f"/console/items/{body['queue_item']}"


def test_the_queue_lists_what_waits_and_nothing_else(browser: Browser, submit: Submit) -> None:
    submit("c-1", "dasar goblok kamu")
    submit("c-2", "terima kasih beritanya")

    page = browser.open("/console/queue")

    assert "1 komentar menunggu" in page.text
    assert '<mark class="why why-abuse" title="Hinaan">goblok</mark>' in page.text
    assert "terima kasih beritanya" not in page.text


def test_an_empty_queue_says_so(browser: Browser) -> None:
    assert "Antrean bersih!" in browser.open("/console/queue").text


def test_the_queue_is_narrowed_by_label_section_and_site(browser: Browser, submit: Submit) -> None:
    submit("c-1", "dasar goblok kamu")
    submit("c-2", "ayo serbu rumahnya")

    assert "serbu" not in browser.open("/console/queue?label=abuse").text
    assert "goblok" in browser.open("/console/queue?label=abuse&section=Daerah&site=kabar").text
    assert "goblok" not in browser.open("/console/queue?section=Olahraga").text
    assert "goblok" not in browser.open("/console/queue?site=lain").text
    assert "2 komentar" in browser.open("/console/queue?label=ngawur&order=ngawur").text


def test_a_long_queue_goes_on_on_the_next_page(browser: Browser, submit: Submit) -> None:
    for number in range(27):
        submit(f"c-{number}", f"goblok nomor {number}")

    first = browser.open("/console/queue?order=oldest").text
    link = first.split('class="button" href="')[1].split('"')[0].replace("&amp;", "&")
    second = browser.open(link).text

    assert (first.count("goblok</mark>"), second.count("goblok</mark>")) == (25, 2)


def test_a_cursor_of_nobodys_making_is_a_page_not_a_trace(browser: Browser) -> None:
    page = browser.open("/console/queue?cursor=xyz")

    assert page.status_code == 400
    assert "Permintaan tidak dapat dibaca" in page.text


def test_taking_the_next_comment_opens_the_worst(browser: Browser, submit: Submit) -> None:
    submit("c-1", "dasar goblok kamu")
    worst = submit("c-2", "ayo serbu rumahnya")

    browser.open("/console/queue")
    page = browser.send("/console/next")

    assert browser.path == item_path(worst)
    assert "Anda memegang komentar ini sampai 16.10 WIB" in page.text


def test_the_page_of_a_comment_shows_what_helps_to_decide(browser: Browser, submit: Submit) -> None:
    body = submit("c-1", "Dasar GOBLOK!", parent={"comment_id": "c-0", "text": "Saya setuju."})

    page = browser.open(item_path(body)).text

    for shown in ("Jalan desa diperbaiki", "Daerah", "Budi", "Saya setuju.", "Dibaca", "50%"):
        assert shown in page


def test_approving_publishes_and_opens_the_next(
    browser: Browser, submit: Submit, client: FlaskClient, headers: dict[str, str]
) -> None:
    first, second = submit("c-1", "ayo serbu"), submit("c-2", "dasar goblok")
    browser.open("/console/queue")
    browser.send("/console/next")

    page = browser.send(f"{item_path(first)}/decision", version="2", decision="approve")

    assert browser.path == item_path(second)
    assert "Komentar diterbitkan." in page.text
    decided = client.get("/v1/decisions?after=0", headers=headers).get_json()["decisions"]
    assert [(one["comment_id"], one["decision"], one["decided_by"]) for one in decided] == [
        ("c-1", "approve", "sari")
    ]


def test_rejecting_needs_a_reason_and_keeps_the_note(browser: Browser, submit: Submit) -> None:
    body = submit("c-1", "dasar goblok")
    browser.open("/console/queue")
    browser.send("/console/next")

    page = browser.send(
        f"{item_path(body)}/decision", version="2", decision="reject", note="sudah ketiga kali"
    )

    assert page.status_code == 422
    assert "Pilih paling sedikit satu alasan" in page.text
    assert "sudah ketiga kali" in page.text


def test_rejecting_with_labels_and_a_note_reaches_the_site(
    browser: Browser, submit: Submit, client: FlaskClient, headers: dict[str, str]
) -> None:
    body = submit("c-1", "dasar goblok")
    browser.open("/console/queue")
    browser.send("/console/next")

    page = browser.send(
        f"{item_path(body)}/decision",
        version="2",
        decision="reject",
        labels=["abuse", "hate"],
        note="  menyerang suku  ",
    )

    assert "Komentar ditolak." in page.text
    ruling = client.get(f"/v1/comments/{body['id']}", headers=headers).get_json()["decision"]
    assert (ruling["labels"], ruling["note"]) == (["abuse", "hate"], "menyerang suku")
    assert "Sudah ditolak" in browser.open(item_path(body)).text


def test_a_comment_somebody_else_holds_offers_no_buttons(
    browser: Browser, rival: Browser, submit: Submit
) -> None:
    body = submit("c-1", "dasar goblok")
    rival.open("/console/queue")
    rival.send("/console/next")

    assert "Dipegang <bdi>Tono</bdi> sampai" in browser.open("/console/queue").text
    page = browser.open(item_path(body)).text
    assert "Sedang dipegang <bdi>Tono</bdi>" in page
    assert 'name="decision"' not in page
    assert "baru saja diambil" in browser.send(f"{item_path(body)}/claim").text


def test_a_decision_after_the_lease_is_lost_changes_nothing_and_keeps_the_draft(
    browser: Browser, rival: Browser, submit: Submit, clock: FakeClock
) -> None:
    body = submit("c-1", "dasar goblok")
    browser.open("/console/queue")
    browser.send("/console/next")
    clock.advance(minutes=11)
    rival.open("/console/queue")
    rival.send("/console/next")
    rival.send(f"{item_path(body)}/decision", version="3", decision="approve")

    page = browser.send(
        f"{item_path(body)}/decision",
        version="2",
        decision="reject",
        labels=["abuse"],
        note="kasar sekali",
    )

    assert page.status_code == 409
    assert "Sudah diterbitkan" in page.text
    assert "Keputusan Anda belum tersimpan." in page.text
    assert "kasar sekali" in page.text


def test_renewing_holds_a_comment_longer(
    browser: Browser, submit: Submit, clock: FakeClock, settings: Settings
) -> None:
    body = submit("c-1", "dasar goblok")
    browser.open("/console/queue")
    browser.send("/console/next")
    clock.advance(minutes=6)
    token = browser.token

    answer = browser.send(f"{item_path(body)}/renew", version="2")

    assert answer.get_json() == {"held": True, "seconds": settings.console_lease_s}
    clock.advance(minutes=11)
    again = browser.client.post(
        f"{item_path(body)}/renew", data={"csrf_token": token, "version": "2"}
    )
    assert (again.status_code, again.get_json()) == (409, {"held": False})


def test_skipping_gives_a_comment_back_and_opens_another(browser: Browser, submit: Submit) -> None:
    first, second = submit("c-1", "ayo serbu"), submit("c-2", "dasar goblok")
    browser.open("/console/queue")
    browser.send("/console/next")

    browser.send(f"{item_path(first)}/skip", version="2", note="x")

    assert browser.path == item_path(second)
    assert "Komentar ini bebas" in browser.open(item_path(first)).text


def test_skipping_the_only_comment_leads_back_to_the_queue(
    browser: Browser, submit: Submit
) -> None:
    body = submit("c-1", "dasar goblok")
    browser.open("/console/queue")
    browser.send("/console/next")

    page = browser.send(f"{item_path(body)}/skip", version="2")

    assert browser.path == "/console/queue"
    assert "Komentar dikembalikan ke antrean." in page.text


@pytest.mark.parametrize("act", ["claim", "renew", "skip", "decision"])
def test_no_act_works_without_the_forms_token(browser: Browser, submit: Submit, act: str) -> None:
    body = submit("c-1", "dasar goblok")

    answer = browser.client.post(
        f"{item_path(body)}/{act}", data={"version": "1", "decision": "approve"}
    )

    assert (answer.status_code, answer.headers["Location"]) == (302, "/console/login")
    assert "1 komentar menunggu" in browser.open("/console/queue").text


def test_unknown_addresses_get_a_page_in_indonesian(browser: Browser) -> None:
    for path in ("/console/entah", "/console/items/01980000-0000-7000-8000-000000000000"):
        page = browser.open(path)
        assert (page.status_code, page.mimetype) == (404, "text/html")
        assert "Halaman tidak ditemukan" in page.text


def test_hostile_text_stays_text(browser: Browser, submit: Submit) -> None:
    body = submit(
        "c-1",
        "goblok <script>alert(1)</script> \u202eterbalik\u200b",
        author={"name": "<img src=x onerror=alert(1)>\u202e"},
        article={"title": "</title><script>alert(2)</script>", "url": "javascript:alert(3)"},
    )

    for path in ("/console/queue", item_path(body)):
        page = browser.open(path).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert 'href="javascript:' not in page
        assert 'title="Right-To-Left Override">U+202E' in page


def test_pages_carry_a_policy_that_forbids_inline_script_and_style(browser: Browser) -> None:
    page = browser.open("/console/queue")

    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert " style=" not in page.text
    assert " onclick=" not in page.text
