"""Deciding, taking back, and two people at one comment."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.console.conftest import Browser, Submit, item_path
from tests.factories import FakeClock


def test_approving_publishes_and_opens_the_next(
    browser: Browser,
    submit: Submit,
    client: FlaskClient,
    headers: dict[str, str],
    clock: FakeClock,
) -> None:
    first, second = submit("c-1", "ayo serbu"), submit("c-2", "dasar goblok")
    browser.open("/console/queue")
    browser.send("/console/next")

    page = browser.send(f"{item_path(first)}/decision", version="2", decision="approve")

    assert browser.path == item_path(second)
    assert "Komentar diterbitkan." in page.text
    clock.advance(seconds=12)
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
    browser: Browser,
    submit: Submit,
    client: FlaskClient,
    headers: dict[str, str],
    clock: FakeClock,
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
    clock.advance(seconds=12)
    ruling = client.get(f"/v1/comments/{body['id']}", headers=headers).get_json()["decision"]
    assert (ruling["labels"], ruling["note"]) == (["abuse", "hate"], "menyerang suku")
    assert "Sudah ditolak" in browser.open(item_path(body)).text


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


def test_one_button_rejects_with_its_reason_and_the_ticked_ones(
    browser: Browser,
    held: dict[str, Any],
    client: FlaskClient,
    headers: dict[str, str],
    clock: FakeClock,
) -> None:
    browser.send(
        f"{item_path(held)}/decision", version="2", decision="reject:hate", labels=["abuse"]
    )

    clock.advance(seconds=12)
    ruling = client.get(f"/v1/comments/{held['id']}", headers=headers).get_json()["decision"]
    assert ruling["labels"] == ["abuse", "hate"]


@pytest.mark.parametrize("decision", ["", "reject:lucu", "hapus"])
def test_a_decision_that_does_not_exist_is_refused(
    browser: Browser, held: dict[str, Any], decision: str
) -> None:
    page = browser.send(f"{item_path(held)}/decision", version="2", decision=decision)

    assert page.status_code == 422
    assert "Pilih terbitkan atau tolak." in page.text


def test_a_decision_can_be_taken_back_and_the_site_never_hears_of_it(
    browser: Browser,
    held: dict[str, Any],
    client: FlaskClient,
    headers: dict[str, str],
    clock: FakeClock,
) -> None:
    page = browser.send(f"{item_path(held)}/decision", version="2", decision="approve")
    assert "Urungkan" in page.text
    clock.advance(seconds=9)

    page = browser.send(f"{item_path(held)}/undo", version="3")

    assert browser.path == item_path(held)
    assert "Keputusan dibatalkan." in page.text
    assert "Anda memegang komentar ini" in page.text
    clock.advance(minutes=1)
    assert client.get("/v1/decisions", headers=headers).get_json()["decisions"] == []
    assert client.get(f"/v1/comments/{held['id']}", headers=headers).get_json()["decision"] is None


def test_a_decision_that_can_be_taken_back_is_not_shown_to_the_site(
    browser: Browser, held: dict[str, Any], client: FlaskClient, headers: dict[str, str]
) -> None:
    browser.send(f"{item_path(held)}/decision", version="2", decision="approve")

    assert client.get("/v1/decisions", headers=headers).get_json()["decisions"] == []
    assert client.get(f"/v1/comments/{held['id']}", headers=headers).get_json()["decision"] is None


def test_too_late_an_undo_says_so(browser: Browser, held: dict[str, Any], clock: FakeClock) -> None:
    browser.send(f"{item_path(held)}/decision", version="2", decision="approve")
    clock.advance(seconds=11)

    page = browser.send(f"{item_path(held)}/undo", version="3")

    assert "tidak dapat dibatalkan lagi" in page.text
    assert "Sudah diterbitkan" in page.text


def lose(browser: Browser, rival: Browser, held: dict[str, Any], clock: FakeClock) -> None:
    """Sari's lease runs out, and Tono takes the comment."""
    clock.advance(minutes=11)
    rival.open("/console/queue")
    rival.send("/console/next")


def test_who_lost_the_lease_may_replace_the_others_decision_knowingly(
    browser: Browser,
    rival: Browser,
    held: dict[str, Any],
    clock: FakeClock,
    client: FlaskClient,
    headers: dict[str, str],
) -> None:
    lose(browser, rival, held, clock)
    rival.send(f"{item_path(held)}/decision", version="3", decision="approve", note="lucu saja")
    draft = {"decision": "reject:abuse", "note": "kasar"}
    page = browser.send(f"{item_path(held)}/decision", version="2", **draft)
    assert page.status_code == 409
    assert "lucu saja" in page.text
    assert "Pakai keputusan saya" in page.text

    page = browser.send(f"{item_path(held)}/overrule", version="4", **draft)

    assert "Komentar ditolak." in page.text
    clock.advance(minutes=1)
    decided = client.get("/v1/decisions", headers=headers).get_json()["decisions"]
    assert [(one["decision"], one["decided_by"]) for one in decided] == [
        ("approve", "tono"),
        ("reject", "sari"),
    ]


def test_while_somebody_else_holds_the_comment_ones_decision_waits(
    browser: Browser, rival: Browser, held: dict[str, Any], clock: FakeClock
) -> None:
    lose(browser, rival, held, clock)

    page = browser.send(f"{item_path(held)}/decision", version="2", decision="approve", take="1")

    assert page.status_code == 409
    assert "Sedang dipegang <bdi>Tono</bdi>" in page.text
    assert "Pakai keputusan saya" not in page.text


def test_a_lapsed_lease_is_taken_again_with_the_draft(
    browser: Browser, held: dict[str, Any], clock: FakeClock
) -> None:
    clock.advance(minutes=11)
    draft = {"decision": "reject:abuse", "note": "kasar"}
    page = browser.send(f"{item_path(held)}/decision", version="2", **draft)
    assert "belum ada yang memutuskan" in page.text

    page = browser.send(f"{item_path(held)}/decision", version="2", take="1", **draft)

    assert "Komentar ditolak." in page.text


def test_overruling_what_has_changed_again_is_refused(
    browser: Browser, held: dict[str, Any]
) -> None:
    page = browser.send(f"{item_path(held)}/overrule", version="2", decision="approve")

    assert page.status_code == 409
