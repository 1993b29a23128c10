"""Take the pictures of the docs: ``python -m tests.browser.screenshots --out docs/images``."""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM, call
from tests.browser.service import Service, running

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


def take(out: Path) -> None:
    """Fill a fresh service with a few comments and photograph its main pages."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, running(Path(place)) as service:
        _fill(service)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for scheme in ("light", "dark"):
                context = browser.new_context(
                    base_url=service.url,
                    color_scheme=scheme,
                    viewport={"width": 1200, "height": 860},
                )
                _photograph(context.new_page(), service, out, "" if scheme == "light" else "-dark")
                context.close()
            browser.close()


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


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    take(parser.parse_args().out)
