import html
import re
from collections.abc import Callable
from typing import Any

import pytest

from moderation.domain.policy import Band
from moderation.domain.reach import Reach
from moderation.domain.verdict import LABELS
from moderation.storage import policies, profiles, users
from moderation.storage.engine import Database
from moderation.storage.policies import NewPolicy
from moderation.storage.profiles import Profile
from moderation.storage.sites import Site
from tests.console.conftest import Browser
from tests.factories import MONDAY

Submit = Callable[..., dict[str, Any]]

pytestmark = pytest.mark.usefixtures("site")


def shown_fields(browser: Browser) -> dict[str, str]:
    """Return what the page would send when its forecast is saved."""
    form = browser.page.text.split('<form class="save"')[1].split("</form>")[0]
    found = re.findall(r'name="(\w+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found if name != "csrf_token"}


def save(browser: Browser, query: str = "site=kabar&section=", **changes: str) -> str:
    browser.open(f"/console/policies?{query}&allowed=7")
    fields = {**shown_fields(browser), **changes}
    return browser.send(f"/console/policies?{query}", **fields).text


def test_the_page_asks_in_an_editors_words(editor: Browser) -> None:
    page = editor.open("/console/policies").text

    assert "Dari 1.000 komentar yang terbit, berapa yang boleh lolos?" in page
    assert "Kebijakan bawaan model fake-1." in page
    assert "data-forecast" not in page


def test_the_forecast_comes_before_saving_and_says_where_data_is_thin(
    editor: Browser, submit: Submit
) -> None:
    submit("c-1", "terima kasih")
    submit("c-2", "dasar goblok")

    page = editor.open("/console/policies?site=kabar&allowed=20").text

    assert "Perkiraan jika 20 dari 1.000 boleh lolos" in page
    assert "Dihitung dari 2 komentar terakhir" in page
    assert "Datanya belum cukup untuk menjanjikan ini." in page


def test_what_was_shown_is_saved_and_judges_the_next_comment(
    editor: Browser, submit: Submit
) -> None:
    page = save(editor, "site=kabar&section=Daerah", note="ramai", review_abuse="0.7")

    assert "Kebijakan kabar/Daerah@1 tersimpan" in page
    assert "ramai" in page
    body = submit("c-1", "dasar goblok")
    assert (body["verdict"], body["policy_version"]) == ("approve", "kabar/Daerah@1")
    other = submit("c-2", "dasar goblok", article={"title": "Piala", "section": "Olahraga"})
    assert (other["verdict"], other["policy_version"]) == ("review", "policy-1")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"review_abuse": "0.9", "reject_abuse": "0.5"}, "batas tinjau harus di bawah batas tolak"),
        ({"review_spam": "-1"}, "batas tinjau harus di bawah batas tolak"),
        ({"review_spam": "nan"}, "batas tinjau harus di bawah batas tolak"),
        ({"review_spam": "banyak"}, "angkanya tidak dapat dibaca"),
        ({"allowed": "5000"}, "angkanya tidak dapat dibaca"),
        ({"note": "x" * 501}, "angkanya tidak dapat dibaca"),
    ],
)
def test_bands_that_make_no_sense_are_not_saved(
    editor: Browser, changes: dict[str, str], complaint: str
) -> None:
    assert complaint in save(editor, **changes)
    assert "Belum pernah diubah." in editor.open("/console/policies").text


def test_one_click_goes_back_to_an_earlier_version(editor: Browser, database: Database) -> None:
    save(editor, review_abuse="0.7")
    save(editor, review_abuse="0.4")
    with database.reading() as tx:
        first = policies.newest_by_section(tx, 1)[""].id - 1

    page = editor.send(f"/console/policies/{first}/restore").text

    assert "Kembali ke kabar@1; kini tersimpan sebagai kabar@3." in page
    with database.reading() as tx:
        bands = policies.newest_by_section(tx, 1)[""].bands
    assert bands is not None
    assert bands[LABELS[1]].review == 0.7
    page = editor.send("/console/policies/handed-back?site=kabar").text
    assert "Kebijakan bawaan model fake-1." in page


def test_a_policy_for_another_model_is_said_not_to_be_used(
    editor: Browser, database: Database, site: Site
) -> None:
    bands = dict.fromkeys(LABELS, Band(0.9, None))
    with database.writing() as tx:
        policies.add(tx, NewPolicy(site.id, "", "rina", bands, "fake-0", "dial"), now=MONDAY)

    page = editor.open("/console/policies").text

    assert "dibuat untuk model fake-0" in page
    assert "<strong>tidak dipakai</strong>" in page
    assert "Kebijakan bawaan model fake-1." in page


def test_an_editor_sets_only_what_lies_within_reach(
    editor: Browser, database: Database, site: Site
) -> None:
    save(editor)
    with database.writing() as tx:
        person = users.find_by_name(tx, "rina")
        assert person is not None
        profiles.put(tx, person.id, Profile("", Reach.of([(site.id, "Dunia")])))

    assert editor.open("/console/policies?site=kabar&section=Dunia").status_code == 200
    assert editor.open("/console/policies?site=kabar&section=Daerah").status_code == 404
    assert editor.open("/console/overview").status_code == 200
    token = editor.open("/console/policies") and editor.token
    refused = editor.client.post("/console/policies/1/restore", data={"csrf_token": token})
    assert refused.status_code == 404


def test_nothing_is_saved_without_the_forms_token(editor: Browser) -> None:
    editor.client.post("/console/policies?site=kabar", data={"allowed": "5"})
    editor.client.post("/console/policies/handed-back?site=kabar")

    assert "Belum pernah diubah." in editor.open("/console/policies").text


def test_a_moderator_may_not_set_a_policy(browser: Browser) -> None:
    browser.open("/console/queue")

    assert browser.send("/console/policies/handed-back?site=kabar").status_code == 403
