"""Lists and rules at the editor's desk."""

import io

import pytest

from moderation.domain.rules import Mode
from moderation.storage import rules
from moderation.storage.engine import Database
from moderation.storage.sites import Site
from tests.console.conftest import Browser, Submit

pytestmark = pytest.mark.usefixtures("site")

LIST = {"name": "judi", "kind": "words", "effect": "reject", "mode": "observe"}
PATH = "/console/rules/list?site=kabar"


def test_a_list_is_tried_saved_and_switched(
    editor: Browser, submit: Submit, database: Database, site: Site
) -> None:
    submit("c-1", "Depo kapulaga di sini")
    submit("c-2", "Jalan desa rusak")
    editor.open(PATH)

    tried = editor.send(PATH, **LIST, added="kapulaga\nzaitun", act="try")
    assert "Percobaan pada 2 komentar terakhir" in tried.text
    assert "1 komentar kena; daftar akan berisi 2 entri." in tried.text
    assert "Depo kapulaga di sini" in tried.text
    with database.reading() as tx:
        assert rules.find_rule(tx, site.id, "judi") is None

    saved = editor.send(PATH, **LIST, added="kapulaga\nzaitun", act="save")
    assert "Daftar judi disimpan, 2 entri." in saved.text
    assert submit("c-3", "Depo kapulaga lagi")["verdict"] == "approve"
    assert "1 akan berubah" in editor.open("/console/rules").text

    switched = editor.send("/console/rules/mode?site=kabar", name="judi", mode="on")
    assert "Aturan judi: berlaku." in switched.text
    assert submit("c-4", "Depo kapulaga lagi dong")["verdict"] == "reject"


def test_entries_are_taken_out_and_a_change_is_taken_back(editor: Browser) -> None:
    editor.open(PATH)
    editor.send(PATH, **LIST, added="kapulaga\nzaitun", act="save")
    editor.open(f"{PATH}&name=judi")
    editor.send(PATH, **LIST, removed="zaitun", act="save")
    page = editor.open(f"{PATH}&name=judi")
    assert "Isi: 1 entri" in page.text

    editor.send("/console/rules/undo?site=kabar", name="judi")

    assert "<bdi>zaitun</bdi>" in editor.open(f"{PATH}&name=judi").text
    assert "Isi: 2 entri" in editor.page.text
    assert "zaitun" not in editor.open(f"{PATH}&name=judi&q=kapu").text


def test_a_list_comes_from_a_file_and_goes_into_one(editor: Browser) -> None:
    editor.open(PATH)
    file = (io.BytesIO("entry\nkapulaga\nzaitun\n".encode("utf-8-sig")), "kata.csv")
    editor.send(PATH, **LIST, file=file, act="save")

    page = editor.open("/console/rules/csv?site=kabar&name=judi")

    assert page.mimetype == "text/csv"
    assert page.text.split() == ["\ufeffentry", "kapulaga", "zaitun"]


@pytest.mark.parametrize(
    ("change", "status"),
    [({"added": "x"}, 422), ({"name": ""}, 422), ({"name": "campaign"}, 422)],
)
def test_what_is_no_list_is_refused_in_place(
    editor: Browser, change: dict[str, str], status: int
) -> None:
    editor.open(PATH)

    page = editor.send(PATH, **{**LIST, "added": "kapulaga", **change, "act": "save"})

    assert page.status_code == status
    assert "kapulaga" in page.text or "added" in change


def test_a_rule_that_was_never_set_is_switched_by_its_kind(
    editor: Browser, database: Database, site: Site
) -> None:
    editor.open("/console/rules")
    editor.send("/console/rules/mode?site=kabar", name="campaign", mode="observe")

    with database.reading() as tx:
        rule = rules.find_rule(tx, site.id, "campaign")
    assert rule is not None
    assert rule.mode is Mode.OBSERVE
    assert editor.send("/console/rules/mode?site=kabar", name="x", mode="on").status_code == 404


def test_rules_are_for_editors(browser: Browser, editor: Browser, site: Site) -> None:
    assert browser.open("/console/rules").status_code == 403
    assert editor.open("/console/rules?site=entah").status_code == 404
    assert editor.open(f"{PATH}&name=entah").status_code == 404
