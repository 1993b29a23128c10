"""Search, complaints and rules in a real browser: for everybody, light and dark, on a phone."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import call, log_in, wait_for_a_person
from tests.browser.service import Service

LONG_NAME = "daftar-kata-yang-namanya-panjang-sekali-tanpa-satu-pun-spasi-di-dalamnya"


@pytest.fixture(scope="module")
def cookies(chromium: Browser, service: Service) -> list[Any]:
    """A session all of these share: logins from one address are counted."""
    context = chromium.new_context(base_url=service.url, locale="id-ID")
    log_in(context.new_page(), service.user, service.password)
    found: list[Any] = context.cookies()
    context.close()
    return found


@pytest.fixture
def logged_in(page: Page, context: BrowserContext, cookies: list[Any]) -> Page:
    context.add_cookies(cookies)
    return page


@pytest.fixture(scope="module")
def ticket(service: Service) -> str:
    """A complaint about a waiting comment, and a list with a name that breaks nowhere."""
    item = wait_for_a_person(service, "Lurah ini kapulaga.")
    waiting = call(service, "/v1/queue?limit=100")["items"]
    comment = next(one["comment"] for one in waiting if one["id"] == item)
    call(
        service,
        f"/v1/lists/{LONG_NAME}",
        {"kind": "words", "effect": "hold", "mode": "observe", "entries": ["kapulaga"]},
        method="PUT",
    )
    complaint = {"text": "Itu fitnah. " * 20, "comment_id": comment["comment_id"]}
    found: str = call(service, "/v1/complaints", complaint)["ticket"]
    return found


@pytest.mark.parametrize(
    "path",
    [
        "/console/search",
        "/console/search?q=kapulaga",
        "/console/queue?language=unknown",
        "/console/complaints",
        "/console/complaints/{ticket}",
        "/console/complaints/{ticket}/print",
        "/console/me/second-factor",
        "/console/second-factors",
        "/console/rules",
        "/console/rules/list",
        f"/console/rules/list?name={quote(LONG_NAME)}",
        "/demo",
    ],
)
def test_no_page_shuts_anybody_out_or_overflows_a_phone(
    logged_in: Page, complaints: list[str], ticket: str, path: str
) -> None:
    logged_in.goto(path.format(ticket=ticket))

    for scheme in ("light", "dark"):
        logged_in.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        results = Axe().run(logged_in)
        assert results.violations_count == 0, results.generate_report()
    logged_in.set_viewport_size({"width": 360, "height": 740})
    overflow = logged_in.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow == 0
    assert complaints == []


def test_a_list_is_tried_and_saved_and_a_complaint_answered(
    logged_in: Page, complaints: list[str], ticket: str
) -> None:
    logged_in.goto("/console/rules")
    logged_in.get_by_role("link", name="Daftar baru").click()
    logged_in.get_by_label("Nama daftar").fill("rempah")
    logged_in.get_by_label("Tambah, satu per baris").fill("kapulaga")
    logged_in.get_by_role("button", name="Coba dahulu pada komentar terakhir").click()
    expect(logged_in.get_by_text("komentar kena; daftar akan berisi 1 entri.")).to_be_visible()
    logged_in.get_by_role("button", name="Simpan daftar").click()
    expect(logged_in.get_by_text("Daftar rempah disimpan, 1 entri.")).to_be_visible()

    logged_in.goto("/console/complaints")
    logged_in.get_by_role("link", name=ticket).click()
    logged_in.get_by_role("button", name="Saya tangani").click()
    logged_in.get_by_label("Keputusan", exact=True).select_option("kept")
    logged_in.get_by_label("Jawaban dan catatan").fill("Tidak melanggar.")
    logged_in.get_by_role("button", name="Selesaikan pengaduan").click()
    expect(logged_in.get_by_text("dibiarkan seperti adanya")).to_be_visible()
    assert complaints == []


@pytest.fixture
def copy(service: Service) -> Iterator[Callable[[int], str]]:
    """Submit the numbered copy of one text, each by another writer; its verdict."""

    def submit(number: int) -> str:
        text = (
            "Warga kampung kami menunggu pengumuman hasil seleksi perangkat desa sejak kemarin "
            f"sore, mohon panitia segera menempelkannya di papan balai pertemuan. {number}"
        )
        comment = {"comment_id": f"copy-{number}", "text": text, "author": {"id": f"u-{number}"}}
        verdict: str = call(service, "/v1/comments", comment)["verdict"]
        return verdict

    call(service, "/v1/rules/campaign", {"mode": "on"}, method="PUT")
    yield submit
    call(service, "/v1/rules/campaign", {"mode": "off"}, method="PUT")


def test_a_campaign_is_decided_once_while_copies_keep_arriving(
    logged_in: Page, complaints: list[str], copy: Callable[[int], str]
) -> None:
    assert [copy(number) for number in range(6)][-1] == "review"
    logged_in.goto("/console/campaigns")
    campaign = logged_in.locator("section.campaign").filter(has_text="seleksi perangkat desa")
    expect(campaign).to_contain_text("6 salinan")
    logged_in.set_viewport_size({"width": 360, "height": 740})
    assert logged_in.evaluate("document.documentElement.scrollWidth") == 360
    assert Axe().run(logged_in).violations_count == 0

    campaign.get_by_label("Alasan").select_option("spam")
    campaign.get_by_label("Berlaku").select_option("7")
    campaign.get_by_role("button", name="Tolak semua").click()
    expect(logged_in.get_by_text("beserta 6 komentar.")).to_be_visible()
    expect(campaign).to_contain_text("Sudah ditolak oleh")
    assert [copy(number) for number in (6, 7)] == ["reject", "reject"]

    logged_in.reload()
    expect(campaign).to_contain_text("8 salinan")
    campaign.get_by_role("button", name="Batalkan keputusan").click()
    expect(logged_in.get_by_text("8 komentar menunggu lagi.")).to_be_visible()
    assert copy(8) == "review"
    assert complaints == []


def test_a_second_step_is_switched_on_and_asked_for(
    page: Page, service: Service, complaints: list[str]
) -> None:
    password = service.add_person("wati", "Wati")
    log_in(page, "wati", password)
    page.goto("/console/me/second-factor")
    page.get_by_label("Kata sandi").fill(password)
    page.get_by_role("button", name="Mulai menyalakan").click()
    device = pyotp.TOTP(page.locator("code.secret").inner_text().replace(" ", ""))
    assert Axe().run(page).violations_count == 0
    page.get_by_label("Kode", exact=True).fill(device.now())
    page.get_by_role("button", name="Nyalakan langkah kedua").click()
    code = page.locator(".codes li").first.inner_text()
    assert Axe().run(page).violations_count == 0

    page.locator(".who summary").click()
    page.get_by_role("button", name="Keluar").click()
    page.get_by_label("Nama pengguna").fill("wati")
    page.get_by_label("Kata sandi").fill(password)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("heading", name="Langkah kedua")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    page.get_by_label("Kode").fill(code)
    page.get_by_role("button", name="Lanjut").click()
    expect(page.get_by_text("Tersisa 9.")).to_be_visible()
    assert complaints == []
