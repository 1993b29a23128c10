"""Taking comments, holding them, leaving them to others."""

import pytest

from moderation.settings import Settings
from tests.console.conftest import Browser, Submit, item_path
from tests.factories import FakeClock


def test_taking_the_next_comment_opens_the_worst(browser: Browser, submit: Submit) -> None:
    submit("c-1", "dasar goblok kamu")
    worst = submit("c-2", "ayo serbu rumahnya")

    browser.open("/console/queue")
    page = browser.send("/console/next")

    assert browser.path == item_path(worst)
    assert "Anda memegang komentar ini sampai 16.10 WIB" in page.text


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


@pytest.mark.parametrize("act", ["claim", "skip", "decision", "overrule", "undo"])
def test_no_act_works_without_the_forms_token(browser: Browser, submit: Submit, act: str) -> None:
    body = submit("c-1", "dasar goblok")

    answer = browser.client.post(
        f"{item_path(body)}/{act}", data={"version": "1", "decision": "approve"}
    )

    assert (answer.status_code, answer.headers["Location"]) == (302, "/console/login")
    assert "1 komentar menunggu" in browser.open("/console/queue").text


def test_looking_at_the_page_renews_everything_one_holds(
    browser: Browser, submit: Submit, clock: FakeClock, settings: Settings
) -> None:
    bodies = [submit(f"c-{number}", f"goblok nomor {number}") for number in range(2)]
    browser.open("/console/queue")
    browser.send("/console/next")
    clock.advance(minutes=6)

    answer = browser.send("/console/held/renew").get_json()

    assert sorted(answer["held"]) == sorted(body["queue_item"] for body in bodies)
    assert answer["seconds"] == settings.console_lease_s
    clock.advance(minutes=6)
    assert "Anda memegang komentar ini" in browser.open(item_path(bodies[0])).text


def test_a_lease_that_ran_out_is_not_renewed(
    browser: Browser, submit: Submit, clock: FakeClock
) -> None:
    submit("c-1", "dasar goblok")
    browser.open("/console/queue")
    browser.send("/console/next")
    clock.advance(minutes=11)

    assert browser.send("/console/held/renew").get_json()["held"] == []


def test_a_skipped_comment_comes_back_only_when_it_is_asked_for(
    browser: Browser, submit: Submit
) -> None:
    first, second = submit("c-1", "ayo serbu"), submit("c-2", "dasar goblok")
    browser.open("/console/queue")
    browser.send("/console/next")
    browser.send(f"{item_path(first)}/skip", version="2")
    browser.send(f"{item_path(second)}/decision", version="2", decision="approve")
    assert browser.path == "/console/queue"

    browser.send("/console/next")

    assert browser.path == item_path(first)


def test_a_comment_is_skipped_from_the_list_without_being_held(
    browser: Browser, submit: Submit
) -> None:
    first, second = submit("c-1", "ayo serbu"), submit("c-2", "dasar goblok")
    browser.open("/console/queue")
    page = browser.send(f"{item_path(first)}/skip", version="1", back="1")
    assert browser.path == "/console/queue"
    assert page.text.count("Anda lewati") == 1

    browser.send("/console/next")

    assert browser.path == item_path(second)


def test_taking_more_leaves_the_person_where_they_are(browser: Browser, submit: Submit) -> None:
    body = submit("c-0", "ayo serbu")
    for number in range(1, 8):
        submit(f"c-{number}", f"goblok nomor {number}")
    browser.open("/console/queue")
    browser.send("/console/next")

    page = browser.send("/console/next", stay=body["queue_item"])

    assert browser.path == item_path(body)
    assert "Yang saya pegang (8)" in page.text


def test_nobody_holds_more_than_they_can_read(browser: Browser, submit: Submit) -> None:
    for number in range(28):
        submit(f"c-{number}", f"goblok nomor {number}")
    browser.open("/console/queue")
    for _ in range(6):
        browser.send("/console/next")

    assert "<bdi>Anda</bdi> 25" in browser.open("/console/queue").text
