"""Take the pictures of the docs: ``python -m tests.browser.screenshots --out docs/images``."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser.conftest import CHROMIUM, call, log_in
from tests.browser.service import ROOT, Service, running

_VIEWPORT: ViewportSize = {"width": 1200, "height": 860}
_ARTICLES = (
    ("Jalan Desa Cikubang Akhirnya Diaspal Setelah Delapan Tahun", "Daerah"),
    ("Perundingan Senjata di Jenewa Buntu", "Dunia"),
    ("Persib Tahan Imbang Tuan Rumah 2-2", "Olahraga"),
)
_COMMENTS = (
    ("Asep", "Kontraktornya maling semua, otaknya di dengkul. Baru seminggu sudah retak!", 0),
    ("Rina", "Yang begini pasti kerjaan orang seberang, dari dulu memang begitu kelakuannya.", 0),
    ("tamu_83", "Kemarin iseng coba 𝗠𝗔𝗪𝗔𝗥𝟴𝟴, eh beneran cair. Cari aja di g00gle, b0s.", 2),
    ("Dede", "Wasitnya dibayar berapa sih? Goblok banget keputusan penaltinya.", 2),
    ("Pak RT", "Terima kasih, akhirnya anak sekolah tidak lewat lumpur lagi.", 0),
    ("Nurul", "Korut jual senjata, Rusia menembakkannya, korbannya selalu warga sipil.", 1),
    ("Bambang", "Awas saja kalau ketemu di pasar, kita lihat siapa yang jago.", 2),
    ("anonim", "Mbak penyiarnya bikin gagal fokus, boleh dong minta nomornya 😏", 1),
    ("Lilis", "Dasar penulis tolol, nulis berita saja tidak becus.", 1),
    ("Ujang", "Kalem atuh, cuma sepak bola. Teu kudu gelut.", 2),
)
_COPIES = tuple(
    f"Kemarin modal receh {where} langsung cair jutaan, buktikan sendiri sebelum habis. "
    "Pendaftaran cepat, pelayanan ramah dua puluh empat jam, jangan sampai menyesal."
    for where in ("di Mawar88", "di M4war88", "di Mawar88", "di Mawar88", "di situs Mawar88")
)
# Each page with the height at which its picture ends well.
_DESK = {
    "overview": ("/console/overview?site=demo", 860),
    "dial": ("/console/policies?site=demo&allowed=20", 926),
    "strip": ("/console/strip?site=demo&label=abuse", 716),
    "campaign": ("/console/campaigns?site=kabar-priangan", 760),
}


def take(out: Path) -> None:
    """Photograph the main pages of a fresh service with a few comments, then the editors' pages.

    Those show a practice site: its week would bury the few comments of the queue.
    """
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        running(Path(place)) as service,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        _fill(service)
        for page, suffix in _open(browser, service):
            _photograph(page, service, out, suffix)
        _fill_desk(service)
        for page, suffix in _open(browser, service):
            _photograph_desk(page, service, out, suffix)
        browser.close()


def _open(browser: Browser, service: Service) -> Iterator[tuple[Page, str]]:
    """Open a fresh page in each colour scheme, with what its pictures' names end in."""
    for scheme in ("light", "dark"):
        context = browser.new_context(
            base_url=service.url, color_scheme=scheme, locale="id-ID", viewport=_VIEWPORT
        )
        yield context.new_page(), "" if scheme == "light" else "-dark"
        context.close()


def _fill(service: Service) -> None:
    for number, (name, text, article) in enumerate(_COMMENTS):
        title, section = _ARTICLES[article]
        call(
            service,
            "/v1/comments",
            {
                "comment_id": f"{number}",
                "text": text,
                "author": {"name": name},
                "article": {"title": title, "section": section},
            },
        )


def _fill_desk(service: Service) -> None:
    """Give the editor's pages a week of a practice site, and copies of one text."""
    subprocess.run(
        [sys.executable, "-m", "moderation", "demo", "--comments", "3000"],
        env=service.environ,
        cwd=ROOT,
        check=True,
    )
    call(service, "/v1/rules/campaign", {"mode": "on"}, method="PUT")
    for number in range(14):
        title, section = _ARTICLES[number % len(_ARTICLES)]
        call(
            service,
            "/v1/comments",
            {
                "comment_id": f"copy-{number}",
                "text": _COPIES[number % len(_COPIES)],
                "author": {"id": f"u-{number % 9}", "name": f"tamu_{number % 9}"},
                "article": {"id": section, "title": title, "section": section},
            },
        )


def _photograph(page: Page, service: Service, out: Path, suffix: str) -> None:
    page.goto("/console")
    page.screenshot(path=out / f"console-login{suffix}.png")
    page.get_by_label("Nama pengguna").fill(service.user)
    page.get_by_label("Kata sandi").fill(service.password)
    page.get_by_role("button", name="Masuk").click()
    page.get_by_role("heading", name="komentar menunggu").wait_for()
    page.screenshot(path=out / f"console-queue{suffix}.png")
    page.keyboard.press("m")
    page.locator("[data-countdown]").wait_for()
    page.screenshot(path=out / f"console-item{suffix}.png")
    page.goto("/demo")
    page.locator("#komentar").fill("Mampir ke 𝐌𝐀𝐖𝐀𝐑𝟖𝟖 bos, 𝐒𝐋𝐎𝐓 𝐆𝐀𝐂𝐎𝐑 pasti maxwin!")
    page.get_by_role("button", name="Kirim Komentar").click()
    page.locator(".reply").wait_for()
    page.screenshot(path=out / f"demo{suffix}.png", full_page=True)


def _photograph_desk(page: Page, service: Service, out: Path, suffix: str) -> None:
    log_in(page, service.user, service.password)
    for name, (path, height) in _DESK.items():
        page.set_viewport_size({"width": _VIEWPORT["width"], "height": height})
        page.goto(path)
        page.screenshot(path=out / f"console-{name}{suffix}.png")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    take(parser.parse_args().out)
