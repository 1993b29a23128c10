import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from moderation.storage import users
from moderation.storage.engine import Database
from moderation.storage.sites import Site
from tests.console.conftest import Browser
from tests.factories import PASSWORD, FakeClock

Submit = Callable[..., dict[str, Any]]


@pytest.fixture
def sari(database: Database, moderator: str) -> str:
    """The address of the moderator's page."""
    with database.reading() as tx:
        person = users.find_by_name(tx, moderator)
    assert person is not None
    return f"/console/people/{person.id}"


def shown_password(page: str) -> str:
    found = re.search(r'<code class="secret">([^<]+)</code>', page)
    assert found is not None
    return found[1]


def test_an_administrator_adds_somebody_who_then_logs_in(admin: Browser, stranger: Browser) -> None:
    admin.open("/console/people")
    page = admin.send("/console/people", username="tono", display_name="Tono", role="editor")
    password = shown_password(page.text)

    assert page.headers["Cache-Control"] == "no-store"
    assert password not in admin.open("/console/people").text
    stranger.log_in("tono", password)
    assert stranger.open("/console/overview").status_code == 200


def test_a_taken_name_and_an_unknown_role_are_refused(admin: Browser, sari: str) -> None:
    admin.open("/console/people")
    page = admin.send("/console/people", username="sari", role="editor")
    assert "sudah dipakai" in page.text
    assert admin.send(f"{sari}/role", role="raja").status_code == 400


def test_a_disabled_person_is_out_at_once(admin: Browser, browser: Browser, sari: str) -> None:
    admin.open(sari)
    page = admin.send(f"{sari}/active", active="0")

    assert "Akunnya dimatikan" in page.text
    browser.open("/console/queue")
    assert browser.path == "/console/login"
    assert "salah" in browser.log_in("sari").text
    admin.send(f"{sari}/active", active="1")
    browser.log_in("sari")
    assert browser.path == "/console/queue"


def test_a_new_password_is_shown_once_and_ends_the_sessions(
    admin: Browser, browser: Browser, sari: str
) -> None:
    admin.open(sari)
    password = shown_password(admin.send(f"{sari}/password").text)

    browser.open("/console/queue")
    assert browser.path == "/console/login"
    assert "salah" in browser.log_in("sari", PASSWORD).text
    browser.log_in("sari", password)
    assert browser.path == "/console/queue"


def test_ending_the_sessions_leaves_the_password(
    admin: Browser, browser: Browser, sari: str
) -> None:
    admin.open(sari)
    admin.send(f"{sari}/sessions")

    browser.open("/console/queue")
    assert browser.path == "/console/login"
    browser.log_in("sari")
    assert browser.path == "/console/queue"


def test_a_moderator_sees_and_takes_only_what_lies_within_reach(
    admin: Browser, browser: Browser, sari: str, submit: Submit, site: Site
) -> None:
    here = submit("c-1", "dasar goblok")
    there = submit("c-2", "ayo serbu", article={"title": "Piala", "section": "Olahraga"})
    admin.open(sari)
    page = admin.send(f"{sari}/profile", everywhere="0", place=f"{site.id}:Daerah")
    assert "Jangkauan dan nama samaran tersimpan." in page.text

    queue = browser.open("/console/queue").text
    assert "1 komentar menunggu" in queue
    assert "serbu" not in queue
    browser.send("/console/next")
    assert browser.path == f"/console/items/{here['queue_item']}"
    outside = f"/console/items/{there['queue_item']}"
    assert browser.open(outside).status_code == 404
    browser.open("/console/queue")
    assert browser.send(f"{outside}/claim").status_code == 404


def test_outsiders_read_the_pseudonym_and_colleagues_the_name(
    admin: Browser,
    browser: Browser,
    sari: str,
    submit: Submit,
    client: FlaskClient,
    headers: dict[str, str],
    clock: FakeClock,
) -> None:
    admin.open(sari)
    admin.send(f"{sari}/profile", everywhere="1", pseudonym="Penjaga 7")
    body = submit("c-1", "dasar goblok")
    item = f"/console/items/{body['queue_item']}"
    browser.open(item)
    browser.send(f"{item}/claim")
    browser.send(f"{item}/decision", version="2", decision="approve")
    clock.advance(minutes=1)

    decided = client.get("/v1/decisions?after=0", headers=headers).get_json()["decisions"]
    one = client.get(f"/v1/comments/{body['id']}", headers=headers).get_json()
    assert decided[0]["decided_by"] == one["decision"]["decided_by"] == "Penjaga 7"
    assert "Sari" in browser.open(item).text


def test_an_administrator_cannot_lock_themselves_out(admin: Browser) -> None:
    own = re.search(
        r'href="(/console/people/\d+)"[^>]*><bdi>Bos', admin.open("/console/people").text
    )
    assert own is not None
    page = admin.open(own[1]).text

    assert "hanya dapat diubah pengelola lain" in page
    assert "Itu tidak boleh" in admin.send(f"{own[1]}/active", active="0").text
    assert admin.open("/console/people").status_code == 200


@pytest.mark.parametrize("act", ["role", "active", "sessions", "password", "profile"])
def test_no_act_on_people_is_open_to_editors_or_without_a_token(
    admin: Browser, editor: Browser, sari: str, act: str
) -> None:
    editor.open("/console/queue")
    assert editor.send(f"{sari}/{act}", role="admin").status_code == 403
    refused = admin.client.post(f"{sari}/{act}", data={"role": "admin"})
    assert (refused.status_code, refused.headers["Location"]) == (302, "/console/login")


def test_people_are_for_administrators(editor: Browser, sari: str) -> None:
    assert editor.open("/console/people").status_code == 403
    assert editor.open(sari).status_code == 403
    assert "Orang</a>" not in editor.open("/console/overview").text
