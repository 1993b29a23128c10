"""The numbers of a rule at the editor's desk."""

import pytest

from moderation.domain.rules import Mode
from moderation.storage import rules
from moderation.storage.engine import Database
from moderation.storage.sites import Site
from tests.console.conftest import Browser, Submit

pytestmark = pytest.mark.usefixtures("site")

PATH = "/console/rules/settings?site=kabar&name={}"
SHARE = {"share": "40", "at_least": "3", "window_days": "14", "mode": "on"}


def test_numbers_are_shown_changed_and_taken_back(
    editor: Browser, database: Database, site: Site
) -> None:
    path = PATH.format("rejected_share")
    assert 'name="share" type="number" min="0" step="any" max="100" required value="50"' in (
        editor.open(path).text
    )

    assert "Aturan disimpan." in editor.send(path, **SHARE).text
    editor.open(path)
    editor.send(path, **{**SHARE, "share": "60"})

    with database.reading() as tx:
        rule = rules.find_rule(tx, site.id, "rejected_share")
    assert rule is not None
    assert (rule.mode, rule.version) == (Mode.ON, 2)
    assert rule.parameters == {"share": 0.6, "at_least": 3, "window_days": 14}

    editor.open(path)
    editor.send("/console/rules/undo?site=kabar", name="rejected_share")
    page = editor.open(path).text
    assert 'required value="40"' in page
    assert "versi 2 dibatalkan" in page
    assert page.count("angka atau keadaan diubah") == 2


def test_numbers_act_once_they_are_saved(editor: Browser, submit: Submit) -> None:
    author = {"id": "u-1"}
    path = PATH.format("first_comments")
    editor.open(path)

    editor.send(path, approved="1", mode="on")

    assert submit("c-1", "Jalan desa rusak", author=author)["verdict"] == "review"


@pytest.mark.parametrize(
    "wrong", [{"share": "0"}, {"share": "101"}, {"at_least": "2.5"}, {"share": ""}, {"mode": "x"}]
)
def test_what_makes_no_sense_is_refused_in_place(
    editor: Browser, database: Database, site: Site, wrong: dict[str, str]
) -> None:
    path = PATH.format("rejected_share")
    editor.open(path)

    page = editor.send(path, **{**SHARE, **wrong})

    assert page.status_code == 422
    assert 'role="alert"' in page.text
    with database.reading() as tx:
        assert rules.find_rule(tx, site.id, "rejected_share") is None


def test_only_rules_with_numbers_have_the_page(editor: Browser) -> None:
    assert editor.open(PATH.format("words")).status_code == 404
    assert editor.open(PATH.format("")).status_code == 404
