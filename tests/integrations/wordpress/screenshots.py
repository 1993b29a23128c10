"""Take the plugin's pictures: ``python -m tests.integrations.wordpress.screenshots --out DIR``."""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import service as real_service
from tests.browser.conftest import CHROMIUM
from tests.integrations.wordpress import wordpress as real_wordpress
from tests.integrations.wordpress.conftest import connect
from tests.integrations.wordpress.wordpress import PASSWORD, WordPress

_COMMENTS = (
    ("Dede", "Wasitnya dibayar berapa sih? Goblok banget keputusan penaltinya."),
    ("tamu_83", "Kemarin iseng coba 𝗠𝗔𝗪𝗔𝗥𝟴𝟴, 𝐒𝐋𝐎𝐓 𝐆𝐀𝐂𝐎𝐑, eh beneran cair. Cari aja, bos."),
)


def take(out: Path) -> None:
    """Connect a fresh WordPress to a fresh service, write comments, and photograph both pages."""
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        real_service.running(Path(place)) as service,
        real_wordpress.running() as wordpress,
    ):
        connect(wordpress, service.url, service.key)
        wordpress.php(
            "update_option( 'show_avatars', '' ); wp_delete_comment( 1, true );"
            "wp_update_post( array( 'ID' => 1, 'post_title' => 'Persib Tahan Imbang 2-2' ) );"
        )
        for name, text in _COMMENTS:
            wordpress.comment(text, author=name)
        _photograph(wordpress, out)


def _photograph(wordpress: WordPress, out: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(base_url=wordpress.url, viewport={"width": 1100, "height": 620})
        page.goto("/wp-login.php")
        page.get_by_label("Username or Email Address").fill("admin")
        page.locator("#user_pass").fill(PASSWORD)
        page.get_by_role("button", name="Log In").click()
        page.goto("/wp-admin/options-general.php?page=moderasi-balasan")
        page.get_by_role("button", name="Test the connection").click()
        page.locator("#moderasi-balasan-result").wait_for()
        page.screenshot(path=out / "wordpress-settings.png")
        page.goto("/wp-admin/edit-comments.php?comment_status=all")
        page.screenshot(path=out / "wordpress-comments.png")
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    take(parser.parse_args().out)
