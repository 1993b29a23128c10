import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from moderation.app import create_app
from moderation.services import access
from moderation.settings import Settings
from moderation.storage import sites
from moderation.storage.engine import Database
from moderation.storage.sites import Site, add_site
from moderation.storage.users import Role
from tests.console.conftest import Browser
from tests.factories import MONDAY, PASSWORD, FakeClock, FakeScorer, a_submission
from tests.storage.many_comments import add_comments

Submit = Callable[..., dict[str, Any]]


def decide(browser: Browser, body: dict[str, Any], decision: str, **fields: Any) -> None:
    path = f"/console/items/{body['queue_item']}"
    browser.open(path)
    browser.send(f"{path}/claim")
    browser.send(f"{path}/decision", version="2", decision=decision, **fields)


def tile(page: str, words: str) -> str:
    found = re.search(rf"<dt>{words}</dt><dd>(.*?)</dd>", page)
    assert found is not None
    return re.sub(r"<[^>]+>", "", found[1])


def test_the_tiles_count_what_waits_and_since_when(
    editor: Browser, submit: Submit, clock: FakeClock
) -> None:
    submit("c-1", "dasar goblok")
    clock.advance(hours=2)
    submit("c-2", "ayo serbu")
    submit("c-3", "terima kasih")

    page = editor.open("/console/overview").text

    assert tile(page, "Menunggu sekarang") == "2"
    assert tile(page, "Paling lama menunggu") == "2 jam"
    assert tile(page, "Komentar masuk") == "3"
    assert tile(page, "Perlu orang") == "67%"


def test_decisions_are_timed_and_counted_by_person_and_label(
    editor: Browser, submit: Submit, clock: FakeClock
) -> None:
    first, second = submit("c-1", "dasar goblok"), submit("c-2", "dasar goblok juga")
    clock.advance(minutes=6)
    decide(editor, first, "approve")
    decide(editor, second, "reject", labels=["abuse"])

    page = editor.open("/console/overview")

    assert tile(page.text, "Waktu tengah sampai diputuskan") == "6 menit"
    people = editor.open("/console/overview?table=people").text
    assert "Rina,1,1,6 menit,6 menit,0" in people
    assert "Hinaan,2,1,50%,0" in editor.open("/console/overview?table=labels").text


def test_a_table_downloads_with_the_numbers_of_the_page(editor: Browser, submit: Submit) -> None:
    submit("c-1", "terima kasih")

    answer = editor.open("/console/overview?table=arrivals")

    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.text.splitlines()[1:] == ["23 Nov 16.00,1,0,0"]


def test_the_days_and_the_site_narrow_what_is_shown(
    editor: Browser, submit: Submit, clock: FakeClock, database: Database, site: Site
) -> None:
    submit("c-1", "terima kasih")
    with database.writing() as tx:
        add_site(tx, "lain", now=MONDAY)
    clock.advance(days=3)
    editor.log_in("rina")

    def arrived(query: str) -> str:
        return tile(editor.open(f"/console/overview?{query}").text, "Komentar masuk")

    assert arrived("from=2026-11-23&to=2026-11-23") == "1"
    assert arrived("from=2026-11-24&to=2026-11-26") == "0"
    assert arrived("from=2026-09-30&to=2026-11-26&site=kabar") == "1"
    assert arrived("site=lain") == "0"
    assert editor.open("/console/overview?site=entah").status_code == 404
    assert editor.open("/console/overview?table=entah").status_code == 404
    assert editor.open("/console/overview?from=ngawur&to=9999-01-01").status_code == 200


def test_a_chart_says_in_words_what_it_shows(editor: Browser, submit: Submit) -> None:
    submit("c-1", "terima kasih")

    page = editor.open("/console/overview").text

    assert '<title id="arrivals-title">Komentar masuk per jam</title>' in page
    assert "Seluruhnya 1. Terbanyak 1, pada 23 Nov 16.00." in page
    assert " style=" not in page


def test_the_machine_is_measured_by_what_people_say_of_a_random_few(
    settings: Settings, scorer: FakeScorer, clock: FakeClock, headers: dict[str, str]
) -> None:
    app = create_app(replace(settings, spot_check_share=1.0), scorer=scorer, clock=clock)
    service = app.extensions["moderation"]
    with service.database.writing() as tx:
        access.add_user(
            tx,
            username="rina",
            display_name="Rina",
            password=PASSWORD,
            role=Role.EDITOR,
            now=MONDAY,
        )
    editor = Browser(app.test_client())
    editor.log_in("rina")
    sent = a_submission("Main di sini GACOR")
    app.test_client().post("/v1/comments", json=sent, headers=headers)

    assert "Cek acak: sudah ditolak mesin" in editor.open("/console/queue").text
    editor.send("/console/next")
    assert "Cek acak: komentar ini sudah ditolak mesin" in editor.page.text
    editor.send(f"{editor.path}/decision", version="2", decision="reject", labels=["spam"])

    table = editor.open("/console/overview?table=precision").text
    assert 'Ditolak otomatis,1,1,"100,0%","2,5% sampai 100,0%",0' in table
    assert "Seberapa sering mesin benar" in editor.open("/console/overview").text
    service.database.close()


def test_a_name_that_surges_is_named_to_those_who_see_its_site(
    editor: Browser, database: Database, site: Site, clock: FakeClock
) -> None:
    with database.writing() as tx:
        add_comments(tx, site, ["harga beras naik"] * 60, since=MONDAY - timedelta(days=5))
        add_comments(tx, site, ["harga mawar88"] * 9, since=MONDAY - timedelta(hours=1))
        sites.add_site(tx, "lain", now=MONDAY)

    page = editor.open("/console/overview").text

    assert "Ungkapan baru" in page
    assert "harga mawar88,9,0" in editor.open("/console/overview?table=phrases").text
    assert "mawar88" not in editor.open("/console/overview?table=phrases&site=lain").text


def test_what_has_changed_stands_beside_its_limit(
    editor: Browser, submit: Submit, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit("c-1", "dasar goblok")
    decide(editor, submit("c-2", "dasar goblok"), "approve")
    assert len(editor.open("/console/overview?table=drift").text.splitlines()) == 1
    clock.advance(days=8)
    monkeypatch.setattr("moderation.domain.drift.FEWEST_DECISIONS", 1)
    submit("c-3", "terima kasih")
    clock.advance(minutes=1)
    editor.log_in("rina")

    lines = editor.open("/console/overview?table=drift").text.splitlines()

    warned = '"Ditandai mesin, diterbitkan redaksi: Hinaan"'
    assert lines[1] == f'{warned},"100,0%","50,0%","65,0%",1,Perlu dilihat'
    assert "Pergeseran skor: Hinaan,–,–,–,1,Belum cukup data" in lines
    assert "Huruf yang disamarkan,–,–,–,1,Belum cukup data" in lines
