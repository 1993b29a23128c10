"""The editor's desk in a real browser, filled with the practice week."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from moderation.storage.desk_schema import second_looks
from moderation.storage.engine import Database
from moderation.storage.schema import decisions
from moderation.storage.second_looks import add
from tests.browser.conftest import call, wait_for_a_person
from tests.browser.service import ROOT, Service, running

PAGES = (
    "/console/overview",
    "/console/policies?site=demo&allowed=20",
    "/console/strip?label=threat",
    "/console/second-look",
    "/console/agreement",
    "/console/audit",
    "/console/people",
    "/console/people/1",
)


# Whatever the week brings, something waits that was marked for this and nothing else.
VEILED_THREATS = (
    "Tunggu saja giliranmu, Pak Lurah",
    "Hati-hati kalau lewat kampung kami malam-malam",
    "Kalau lewat sini lagi, jangan salahkan kami",
)


@pytest.fixture(scope="module")
def desk_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    place = tmp_path_factory.mktemp("desk")
    with running(place) as service:
        _fill(place)
        for number, text in enumerate(VEILED_THREATS):
            call(service, "/v1/comments", {"comment_id": f"threat-{number}", "text": text})
        yield service


def _fill(place: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "moderation", "demo", "--comments", "400"],
        env={
            "MODERATION_DATABASE_URL": f"sqlite:///{place / 'moderation.db'}",
            "MODERATION_SECRET_KEY_FILE": str(place / "secret-key"),
        },
        cwd=ROOT,
        check=True,
        capture_output=True,
    )


@pytest.fixture
def desk(chromium: Browser, desk_service: Service, complaints: list[str]) -> Iterator[Page]:
    """An administrator's browser, logged in."""
    context = chromium.new_context(base_url=desk_service.url, locale="id-ID")
    page = context.new_page()

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/console")
    page.get_by_label("Nama pengguna").fill(desk_service.user)
    page.get_by_label("Kata sandi").fill(desk_service.password)
    page.get_by_role("button", name="Masuk").click()
    page.get_by_role("heading", name="komentar menunggu").wait_for()
    yield page
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_the_desk_shuts_anybody_out(
    desk: Page, complaints: list[str], path: str, scheme: str
) -> None:
    desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    desk.goto(path)

    results = Axe().run(desk)

    assert results.violations_count == 0, results.generate_report()
    assert complaints == []


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_the_desk_fit_a_phone(desk: Page, path: str) -> None:
    desk.set_viewport_size({"width": 360, "height": 740})
    desk.goto(path)

    overflow = desk.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow == 0


def test_the_dial_is_turned_looked_at_and_saved(desk: Page, complaints: list[str]) -> None:
    desk.goto("/console/policies?site=demo")
    dial = desk.get_by_label("Dari 1.000 komentar yang terbit, berapa yang boleh lolos?")
    dial.focus()
    dial.press("End")
    expect(desk.locator("output")).to_have_text("100")
    desk.get_by_role("button", name="Lihat perkiraan").click()

    forecast = desk.get_by_role("heading", name="Perkiraan jika 100 dari 1.000 boleh lolos")
    expect(forecast).to_be_visible()
    row = desk.get_by_role("row", name=re.compile("perlu ditinjau")).get_by_role("cell")
    now, then = (int(text) for text in row.all_inner_texts())
    assert then < now

    desk.get_by_label("Catatan, mengapa diubah").fill("percobaan")
    desk.get_by_role("button", name="Simpan untuk seluruh situs").click()
    expect(desk.get_by_text("Kebijakan demo@1 tersimpan")).to_be_visible()
    expect(desk.get_by_role("cell", name="percobaan")).to_be_visible()
    desk.get_by_role("button", name="Kembali ke bawaan model").click()
    expect(desk.get_by_text("Kebijakan bawaan model")).to_be_visible()
    assert complaints == []


def test_a_stretch_is_dragged_confirmed_rejected_and_undone(
    desk: Page, complaints: list[str]
) -> None:
    desk.goto("/console/strip?label=threat")
    waiting = desk.get_by_role("heading", name="komentar menunggu").inner_text()
    box = desk.locator("[data-strip-chart]").bounding_box()
    assert box is not None
    desk.mouse.move(box["x"] + box["width"] / 100, box["y"] + 20)
    desk.mouse.down()
    desk.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 20, steps=4)
    desk.mouse.up()
    expect(desk).to_have_url(re.compile(r"low=1(\.0)?&high=(89\.9|90|90\.1)&?"))

    desk.get_by_role("link", name=re.compile("^Tolak")).click()
    button = desk.get_by_role("button", name=re.compile("Ya, tolak"))
    count = re.search(r"\d+", button.inner_text())
    assert count is not None
    button.click()
    expect(desk.get_by_role("heading", name=f"{count[0]} komentar ditolak")).to_be_visible()

    desk.get_by_role("button", name="Batalkan semuanya").click()
    expect(desk.get_by_text(f"{count[0]} dari {count[0]} komentar kembali")).to_be_visible()
    desk.goto("/console/strip?label=threat")
    expect(desk.get_by_role("heading", name="komentar menunggu")).to_have_text(waiting)
    assert complaints == []


@pytest.fixture
def drawn(desk_service: Service) -> str:
    """A comment Tari published, drawn for a second answer before all others; its text."""
    text = "Pengurus koperasi ini memang keterlaluan."
    item = wait_for_a_person(desk_service, text)
    waiting = call(desk_service, "/v1/queue?limit=100")["items"]
    comment = UUID(next(one["comment"]["id"] for one in waiting if one["id"] == item))
    answer = {"decision": "approve", "reporter": "Tari"}
    call(desk_service, f"/v1/comments/{comment}/feedback", answer)
    database = Database(desk_service.environ["MODERATION_DATABASE_URL"])
    with database.writing() as tx:
        found = sa.select(decisions.c.id, decisions.c.site_id).where(
            decisions.c.comment_pk == comment
        )
        decision_id, site_id = tx.execute(found).one()
        # Chance draws a few of a hundred; it may have drawn this one.
        tx.execute(sa.delete(second_looks).where(second_looks.c.decision_id == decision_id))
        add(tx, site_id, decision_id, now=datetime(2020, 1, 1, tzinfo=UTC))
    database.engine.dispose()
    return text


def test_a_blind_second_answer_that_differs_shows_as_a_disagreement(
    desk: Page, complaints: list[str], drawn: str
) -> None:
    desk.goto("/console/second-look")
    main = desk.get_by_role("main")
    expect(main).to_contain_text(drawn)
    assert "Tari" not in main.inner_text()
    assert desk.locator("main :checked").count() == 0

    desk.get_by_label("Hinaan").check()
    desk.get_by_role("button", name="Saya akan menolak").click()
    expect(desk.get_by_text("Keputusan pertama tetap berlaku.")).to_be_visible()
    expect(main).not_to_contain_text(drawn)

    desk.goto("/console/agreement")
    disagreement = desk.get_by_role("listitem").filter(has_text=drawn)
    expect(disagreement).to_contain_text("Tari: ")
    expect(disagreement).to_contain_text("ditolak (Hinaan)")
    assert complaints == []
