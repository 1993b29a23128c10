import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from moderation.services import second_look
from moderation.storage.desk_schema import second_looks
from moderation.storage.engine import Database
from moderation.storage.sites import Site
from tests.console.conftest import Browser
from tests.console.desk.test_overview import decide

Submit = Callable[..., dict[str, Any]]

LOOK = "/console/second-look"


@pytest.fixture(autouse=True)
def everything_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_look, "is_drawn", lambda _id, _share: True)


@pytest.fixture
def drawn(browser: Browser, editor: Browser, submit: Submit) -> str:
    """Where a second answer goes, to a comment the moderator rejected as hate."""
    decide(browser, submit("c-1", "dasar goblok"), "reject", labels=["hate"], note="rahasia")
    found = re.search(rf'action="({LOOK}/[^"]+)"', editor.open(LOOK).text)
    assert found is not None
    return found[1]


def test_the_first_answer_is_nowhere_on_the_page(editor: Browser, drawn: str) -> None:
    page = editor.page.text.partition("<main")[2]

    assert "dasar goblok" in page
    for secret in ("Sari", "sari", "rahasia", "ditolak", "checked", "selected"):
        assert secret not in page


def test_a_second_answer_changes_nothing_but_the_agreement(
    editor: Browser, drawn: str, submit: Submit
) -> None:
    page = editor.send(drawn, decision="reject", labels=["abuse"]).text

    assert "Keputusan pertama tetap berlaku." in page
    assert "Tidak ada yang menunggu tinjauan ulang Anda." in page
    shown = editor.open("/console/agreement").text
    assert "ditolak (SARA)" in shown
    assert "ditolak (Hinaan)" in shown
    assert "Baru 1 pasangan jawaban." in shown


def test_a_rejection_needs_a_reason_and_an_answer_makes_sense(editor: Browser, drawn: str) -> None:
    assert "pilih paling sedikit satu alasan" in editor.send(drawn, decision="reject").text
    assert "pilih paling sedikit satu alasan" not in editor.open(LOOK).text
    assert editor.send(drawn, decision="entah").status_code == 400


def test_ones_own_decision_is_not_offered(browser: Browser, drawn: str) -> None:
    assert "Tidak ada yang menunggu" in browser.open(LOOK).text
    assert "tidak lagi menunggu" in browser.send(drawn, decision="approve").text


def test_the_agreement_is_for_editors(browser: Browser) -> None:
    assert browser.open("/console/agreement").status_code == 403
    assert browser.send("/console/agreement/share", share="3").status_code == 403


@pytest.mark.parametrize(
    ("share", "said"), [("4.5", "Tersimpan."), ("9", "antara 2 dan 5"), ("", "antara 2 dan 5")]
)
def test_the_share_is_set_within_its_bounds(
    editor: Browser, site: Site, share: str, said: str
) -> None:
    editor.open("/console/agreement")

    page = editor.send("/console/agreement/share", site="kabar", share=share).text

    assert said in page
    assert ('value="4.5"' in page) == (share == "4.5")


def test_no_answer_without_the_forms_token(editor: Browser, drawn: str) -> None:
    editor.client.post(drawn, data={"decision": "approve"})

    assert "1 menunggu tinjauan ulang Anda" in editor.open(LOOK).text


def test_a_doubted_label_says_so_and_no_more(
    editor: Browser, drawn: str, database: Database
) -> None:
    assert "diragukan" not in editor.open(LOOK).text
    with database.writing() as tx:
        tx.execute(sa.update(second_looks).values(origin="doubt", rank=1))

    page = editor.open(LOOK).text

    assert "Label komentar ini diragukan; mohon periksa ulang." in page
    assert "rahasia" not in page
