"""Complaints at the editor's desk."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from moderation.services import auditing
from moderation.storage import personal
from moderation.storage.engine import Database
from moderation.storage.users import Role
from tests.console.conftest import Browser, Submit
from tests.console.desk.conftest import LogIn
from tests.factories import MONDAY, FakeClock

TEXT = "Komentar itu memfitnah saya."


@pytest.fixture
def comment(submit: Submit) -> dict[str, Any]:
    return submit("c-1", "Lurah ini pencuri beras")


@pytest.fixture
def ticket(client: FlaskClient, headers: dict[str, str], comment: dict[str, Any]) -> str:
    answer = client.post(
        "/v1/complaints",
        json={"text": TEXT, "comment_id": "c-1", "complainant": "Pak Lurah"},
        headers=headers,
    )
    found: str = answer.get_json()["ticket"]
    return found


def test_a_complaint_is_listed_with_its_clock_owned_and_resolved(
    editor: Browser, ticket: str, clock: FakeClock, database: Database
) -> None:
    page = editor.open("/console/complaints")
    assert ticket in page.text
    assert "sisa 2 hari" in page.text

    page = editor.open(f"/console/complaints/{ticket}")
    assert TEXT in page.text
    assert "Lurah ini pencuri beras" in page.text
    page = editor.send(f"/console/complaints/{ticket}/owner", take="1")
    assert "Pengaduan ini Anda tangani." in page.text
    assert "Rina" in editor.open("/console/complaints").text

    editor.open(f"/console/complaints/{ticket}")
    page = editor.send(f"/console/complaints/{ticket}/resolution", resolution="removed")
    assert page.status_code == 422
    page = editor.send(
        f"/console/complaints/{ticket}/resolution",
        resolution="removed",
        labels="abuse",
        note="Sudah kami turunkan.",
    )
    assert "komentar diturunkan" in page.text
    assert ticket not in editor.open("/console/complaints").text
    assert ticket in editor.open("/console/complaints?state=resolved").text
    with database.reading() as tx:
        assert list(auditing.find_tampering(tx)) == []


def test_an_overdue_clock_is_seen_on_every_page_by_everybody(
    browser: Browser, editor: Browser, ticket: str, clock: FakeClock
) -> None:
    assert "melewati batas waktunya" not in browser.open("/console/queue").text
    clock.advance(hours=49)
    browser.log_in("sari")
    editor.log_in("rina")

    page = browser.open("/console/queue")
    assert "1 pengaduan melewati batas waktunya. Beri tahu redaktur Anda." in page.text
    for path in ("/console/queue", "/console/search", "/console/overview", "/console/audit"):
        assert "/console/complaints" in editor.open(path).text.split("melewati batas")[1]
    assert "terlambat 1 jam" in editor.open(f"/console/complaints/{ticket}").text


def test_a_sheet_and_a_file_show_what_the_comment_was(editor: Browser, ticket: str) -> None:
    sheet = editor.open(f"/console/complaints/{ticket}/print")
    file = editor.open("/console/complaints?format=csv")

    assert "Lurah ini pencuri beras" in sheet.text
    assert "<nav" not in sheet.text
    assert file.mimetype == "text/csv"
    assert ticket in file.text


def test_an_erased_comment_leaves_resolved_complaints_only(
    editor: Browser, ticket: str, comment: dict[str, Any], database: Database
) -> None:
    with database.writing() as tx:
        writer = personal.Writer(author_id="u-3")
        personal.erase_texts(tx, personal.find_written_by(tx, writer), now=MONDAY)
    assert "pencuri" in editor.open(f"/console/complaints/{ticket}").text

    page = editor.send(f"/console/complaints/{ticket}/resolution", resolution="kept")

    assert "Teksnya sudah dihapus; sidik jarinya tetap." in page.text
    assert "pencuri" not in page.text


def test_whoever_decided_first_may_not_decide_the_appeal(
    editor: Browser,
    submit: Submit,
    client: FlaskClient,
    headers: dict[str, str],
) -> None:
    body = submit("c-2", "dasar goblok")
    editor.open("/console/queue")
    editor.send(
        f"/console/items/{body['queue_item']}/decision",
        decision="reject:abuse",
        version=1,
        take="1",
    )
    appeal = {"kind": "appeal", "text": "Saya tidak menghina.", "comment_id": "c-2"}
    ticket = client.post("/v1/complaints", json=appeal, headers=headers).get_json()["ticket"]

    page = editor.open(f"/console/complaints/{ticket}")
    assert "banding ini diputuskan orang lain" in page.text
    page = editor.send(f"/console/complaints/{ticket}/resolution", resolution="kept")
    assert page.status_code == 403
    assert editor.send(f"/console/complaints/{ticket}/owner", take="1").status_code == 403


def test_complaints_are_for_editors_and_within_reach(
    browser: Browser, log_in_as: LogIn, ticket: str
) -> None:
    assert browser.open("/console/complaints").status_code == 403
    editor = log_in_as("joko", Role.EDITOR)
    assert editor.open("/console/complaints/MB-000000-AAAA-AAAA").status_code == 404
