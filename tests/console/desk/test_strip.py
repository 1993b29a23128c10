import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.console.conftest import Browser

Submit = Callable[..., dict[str, Any]]

CONFIRM = "/console/strip/confirm?label=abuse&low=40&high=60&decision="
DECIDE = "/console/strip/decide?label=abuse&low=40&high=60"


@pytest.fixture
def three_waiting(submit: Submit) -> None:
    submit("c-1", "dasar goblok kamu")
    submit("c-2", "goblok juga")
    submit("c-3", "ayo serbu rumahnya")


def seen(browser: Browser, decision: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', browser.open(CONFIRM + decision).text)
    assert found is not None
    return found[1]


@pytest.mark.usefixtures("three_waiting")
def test_the_strip_draws_a_dot_for_each_and_samples_the_stretch(editor: Browser) -> None:
    page = editor.open("/console/strip?label=abuse&low=40&high=60").text

    assert page.count("<circle") == 3 + 2
    assert "Terbitkan 2 komentar…" in page
    assert "goblok" in page
    assert "serbu" not in page


@pytest.mark.usefixtures("three_waiting")
def test_a_stretch_is_confirmed_decided_and_undone(editor: Browser) -> None:
    token = seen(editor, "reject")
    assert "Tolak 2 komentar?" in editor.page.text

    page = editor.send(DECIDE, seen=token, decision="reject").text

    assert "2 komentar ditolak" in page
    undo = editor.path + "/undo"
    assert "1 komentar menunggu" in editor.open("/console/queue").text
    assert "2 dari 2 komentar kembali ke antrean." in editor.send(undo).text
    assert "sudah dibatalkan sebelumnya" in editor.send(undo).text
    assert "3 komentar menunggu" in editor.open("/console/queue").text


@pytest.mark.usefixtures("three_waiting")
def test_a_changed_queue_is_counted_again_before_anything_happens(
    editor: Browser, submit: Submit
) -> None:
    token = seen(editor, "approve")
    submit("c-4", "goblok lagi")

    page = editor.send(DECIDE, seen=token, decision="approve").text

    assert "Antrean berubah sejak dihitung." in page
    assert "Terbitkan 3 komentar?" in page
    assert "4 komentar menunggu" in editor.open("/console/queue").text


@pytest.mark.usefixtures("site")
def test_an_empty_stretch_and_nonsense_are_answered_with_a_page(editor: Browser) -> None:
    assert "Tidak ada komentar" in editor.open(CONFIRM + "approve").text
    assert editor.open(CONFIRM + "entah").status_code == 400
    assert editor.open("/console/strip?label=x&low=-3&high=abc").status_code == 200
    unknown = "/console/batches/01980000-0000-7000-8000-000000000000"
    assert editor.open(unknown).status_code == 404


@pytest.mark.usefixtures("three_waiting")
def test_no_batch_without_the_token_or_the_role(editor: Browser, browser: Browser) -> None:
    token = seen(editor, "reject")
    editor.client.post(DECIDE, data={"seen": token, "decision": "reject"})
    browser.open("/console/queue")

    assert browser.send(DECIDE, seen=token, decision="reject").status_code == 403
    assert "3 komentar menunggu" in browser.open("/console/queue").text
