"""The demo article plays a site's CMS against the real API."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moderation.app import create_app
from moderation.settings import Settings
from tests.factories import FakeClock, FakeScorer

JSON = {"Accept": "application/json"}


@pytest.fixture
def app(settings: Settings, scorer: FakeScorer, clock: FakeClock, api_key: str) -> Iterator[Flask]:
    app = create_app(replace(settings, demo=True, demo_key=api_key), scorer=scorer, clock=clock)
    yield app
    app.extensions["moderation"].database.close()


@pytest.fixture
def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/demo").text)
    assert found
    return found[1]


def test_the_article_has_a_reply_form(client: FlaskClient) -> None:
    page = client.get("/demo")

    assert "Tinggalkan Balasan" in page.text
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]


def test_there_is_no_demo_unless_it_is_asked_for(
    settings: Settings, scorer: FakeScorer, clock: FakeClock
) -> None:
    plain = create_app(settings, scorer=scorer, clock=clock)

    assert plain.test_client().get("/demo").status_code == 404
    plain.extensions["moderation"].database.close()


@pytest.mark.parametrize(
    ("text", "state", "message"),
    [
        ("Semoga damai.", "approve", "Balasan Anda langsung terbit."),
        ("dasar goblok", "review", "Balasan Anda menunggu moderasi redaksi."),
        (
            "slot gacor",
            "reject",
            "Balasan Anda tidak diterbitkan: terbaca sebagai promosi atau spam.",
        ),
    ],
)
def test_a_reply_gets_its_verdict(
    client: FlaskClient, token: str, text: str, state: str, message: str
) -> None:
    answer = client.post(
        "/demo/comments", data={"csrf_token": token, "comment": text}, headers=JSON
    )

    assert answer.status_code == 201
    assert (answer.json["state"], answer.json["message"]) == (state, message)


def test_a_reply_without_script_is_answered_with_the_page(client: FlaskClient, token: str) -> None:
    page = client.post("/demo/comments", data={"csrf_token": token, "comment": "<b>dasar goblok"})

    assert "&lt;b&gt;dasar goblok" in page.text
    assert "menunggu moderasi" in page.text


def test_the_outcome_of_a_decision_is_told(
    client: FlaskClient, token: str, headers: dict[str, str]
) -> None:
    reply = client.post(
        "/demo/comments", data={"csrf_token": token, "comment": "dasar goblok"}, headers=JSON
    ).json
    client.post(
        f"/v1/comments/{reply['id']}/feedback",
        json={"decision": "approve", "labels": [], "reporter": "redaksi"},
        headers=headers,
    )

    outcome = client.get(f"/demo/comments/{reply['id']}").json

    assert (outcome["state"], outcome["waiting"]) == ("approve", False)
    assert outcome["message"] == "Redaksi menerbitkan balasan Anda."


@pytest.mark.parametrize("text", ["", "   ", "a" * 20_001, "nul\x00"])
def test_a_reply_that_cannot_be_taken_says_what_to_do(
    client: FlaskClient, token: str, text: str
) -> None:
    answer = client.post(
        "/demo/comments", data={"csrf_token": token, "comment": text}, headers=JSON
    )

    assert answer.status_code == 422
    assert answer.json["message"].startswith("Tulis balasan Anda dahulu")


def test_a_reply_without_the_pages_token_is_refused(client: FlaskClient) -> None:
    answer = client.post("/demo/comments", data={"comment": "halo"}, headers=JSON)

    assert answer.status_code == 400
    assert "kedaluwarsa" in answer.json["message"]


def test_a_reply_that_does_not_exist_has_no_outcome(client: FlaskClient) -> None:
    answer = client.get("/demo/comments/01980000-0000-7000-8000-000000000000")

    assert answer.status_code == 404


def test_a_reader_complains_and_gets_a_ticket(client: FlaskClient, token: str) -> None:
    form = {"csrf_token": token, "complaint": "Komentar itu fitnah.", "complainant": "Budi"}

    taken = client.post("/demo/complaints", data=form)
    assert taken.status_code == 201
    assert "nomor tiket <strong>MB-" in taken.text

    empty = client.post("/demo/complaints", data={**form, "complaint": " "})
    assert empty.status_code == 422
    assert "Pengaduan belum terkirim." in empty.text
