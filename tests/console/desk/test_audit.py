from moderation.storage import audit
from moderation.storage.engine import Database
from moderation.storage.sites import Site
from tests.console.conftest import Browser
from tests.factories import MONDAY

SUBJECT = "01980000-0000-7000-8000-000000000000"


def record(database: Database, act: str, site: Site, count: int = 1, **detail: object) -> None:
    with database.writing() as tx:
        for _ in range(count):
            audit.record(
                tx,
                at=MONDAY,
                actor="sari",
                act=act,
                subject=SUBJECT,
                site_id=site.id,
                detail=detail,
            )


def test_acts_are_named_in_indonesian_and_bulk_acts_are_marked(
    editor: Browser, database: Database, site: Site
) -> None:
    record(database, "comment.approve", site, labels=["abuse"])
    record(database, "batch.reject", site, count=1)

    page = editor.open("/console/audit").text

    assert "menerbitkan komentar" in page
    assert "alasan: Hinaan" in page
    assert page.count('<strong class="chip">massal</strong>') == 1


def test_a_long_log_goes_on_on_the_next_page(
    editor: Browser, database: Database, site: Site
) -> None:
    record(database, "comment.approve", site, count=103)

    page = editor.open("/console/audit").text
    link = page.split('class="button" href="')[1].split('"')[0].replace("&amp;", "&")

    assert page.count("<tr>") == 101
    assert editor.open(link).text.count("<tr>") == 4


def test_the_log_downloads_with_its_filter(editor: Browser, database: Database, site: Site) -> None:
    record(database, "comment.approve", site)
    record(database, "batch.reject", site, size=2)

    answer = editor.open("/console/audit?format=csv&act=batch.reject")

    assert answer.mimetype == "text/csv"
    rows = answer.text.splitlines()
    assert rows[1:] == [
        f'2026-11-23T09:00:00+00:00,sari,batch.reject,ya,{SUBJECT},kabar,"{{""size"": 2}}"',
    ]


def test_the_log_is_not_for_moderators(browser: Browser) -> None:
    assert browser.open("/console/audit").status_code == 403
