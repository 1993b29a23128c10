"""The search page."""

from moderation.storage.engine import Database
from tests.console.conftest import Browser, Submit
from tests.factories import FakeClock


def test_decided_comments_are_found_beside_waiting_ones(browser: Browser, submit: Submit) -> None:
    submit("c-1", "Jalan desa diperbaiki, terima kasih")
    waiting = submit("c-2", "jalan goblok")
    submit("c-3", "gacor di jalan ini")

    page = browser.open("/console/search?q=jal")

    assert page.text.count("<article") == 3
    assert f"/console/items/{waiting['queue_item']}" in page.text
    for standing, words in (("review", "goblok"), ("approve", "diperbaiki"), ("reject", "gacor")):
        page = browser.open(f"/console/search?q=jal&standing={standing}")
        assert page.text.count("<article") == 1
        assert words in page.text


def test_pages_go_on_where_the_last_one_ended(
    browser: Browser, submit: Submit, clock: FakeClock
) -> None:
    for number in range(26):
        clock.advance(seconds=1)
        submit(f"c-{number}", f"jalan nomor {number:03}")

    first = browser.open("/console/search?q=jalan")
    assert first.text.count("<article") == 25
    assert "nomor 000" not in first.text
    second = first.text.split('class="moves"')[1].split('href="')[1].split('"')[0]

    last = browser.open(second.replace("&amp;", "&"))
    assert last.text.count("<article") == 1
    assert "nomor 000" in last.text


def test_nothing_asked_or_found_is_said_in_words(browser: Browser, database: Database) -> None:
    assert "Mencari dalam semua komentar" in browser.open("/console/search").text
    assert "Tidak ada komentar dengan" in browser.open("/console/search?q=kapulaga").text
    assert browser.open("/console/search?q=x&site=entah").status_code == 404
