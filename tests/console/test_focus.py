"""One comment with everything that helps to decide."""

from typing import Any

from tests.console.conftest import Browser, Submit, item_path


def test_the_page_of_a_comment_shows_what_helps_to_decide(browser: Browser, submit: Submit) -> None:
    body = submit("c-1", "Dasar GOBLOK!", parent={"comment_id": "c-0", "text": "Saya setuju."})

    page = browser.open(item_path(body)).text

    for shown in ("Jalan desa diperbaiki", "Daerah", "Budi", "Saya setuju.", "Dibaca", "50%"):
        assert shown in page


def test_hostile_text_stays_text(browser: Browser, submit: Submit) -> None:
    body = submit(
        "c-1",
        "goblok <script>alert(1)</script> \u202eterbalik\u200b",
        author={"name": "<img src=x onerror=alert(1)>\u202e"},
        article={"title": "</title><script>alert(2)</script>", "url": "javascript:alert(3)"},
    )

    for path in ("/console/queue", item_path(body)):
        page = browser.open(path).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert 'href="javascript:' not in page
        assert 'title="Right-To-Left Override">U+202E' in page


def test_every_label_has_its_rule_and_its_key(browser: Browser, held: dict[str, Any]) -> None:
    page = browser.open(item_path(held)).text

    assert "Kritik keras pada kebijakan tetap boleh." in page
    for number in range(1, 6):
        assert page.count(f'data-key="{number}"') == 1


def test_a_writer_the_site_vouches_for_has_a_history(browser: Browser, submit: Submit) -> None:
    for number in range(3):
        submit(f"c-{number}", f"situs gacor nomor {number}")
    body = submit("c-9", "dasar goblok")

    page = browser.open(item_path(body)).text

    assert "3 komentar lain di sini, 100% ditolak." in page
    assert "Dikenal dari akun di situs." in page
    assert "situs gacor nomor 2" in page


def test_a_writer_without_account_is_known_by_the_email(browser: Browser, submit: Submit) -> None:
    author = {"name": "Budi", "email": "Budi@surat.example"}
    submit("c-1", "terima kasih", author=author)
    submit("c-2", "terima kasih", author={"name": "Budi"})
    body = submit("c-3", "dasar goblok", author=author)

    page = browser.open(item_path(body)).text

    assert "1 komentar lain di sini, 0% ditolak." in page
    assert "tidak diperiksa situs" in page


def test_a_writer_nobody_can_tell_again_has_none(browser: Browser, submit: Submit) -> None:
    body = submit("c-1", "dasar goblok", author={"name": "Budi"})

    assert "riwayatnya tidak diketahui" in browser.open(item_path(body)).text


def test_waiting_comments_that_read_alike_are_shown(browser: Browser, submit: Submit) -> None:
    body = submit("c-1", "dasar goblok kamu semua")
    submit("c-2", "DASAR goblok, kamu semua!!")
    submit("c-3", "goblok yang lain sama sekali")

    page = browser.open(item_path(body)).text

    assert "1 komentar serupa menunggu" in page


def test_scores_are_drawn_with_their_thresholds(browser: Browser, held: dict[str, Any]) -> None:
    page = browser.open(item_path(held)).text

    assert 'aria-label="50%, ditinjau mulai 30%, ditolak mulai 80%"' in page
    assert 'x1="30.0"' in page
    assert " style=" not in page


def test_addresses_in_comments_are_never_links(browser: Browser, submit: Submit) -> None:
    body = submit(
        "c-1",
        "goblok https://jahat.example/x",
        article={"title": "Judul", "url": "https://kabar.example/jalan"},
    )

    page = browser.open(item_path(body)).text

    assert "https://jahat.example/x" in page
    assert 'href="https:' not in page
