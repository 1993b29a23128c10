"""What a visitor writes, what WordPress makes of it, and what each side tells the other."""

import html
import json
import re
import socket
from collections.abc import Iterator

import pytest

from moderation.domain.decision import Decision, Source
from moderation.domain.verdict import Label
from moderation.services.records import Record, find_record_by_comment_id
from tests.integrations.wordpress.conftest import Service, connect, decide
from tests.integrations.wordpress.wordpress import WordPress


def record_of(service: Service, wordpress: WordPress, comment_id: int) -> Record:
    ref = wordpress.meta(comment_id, "_moderasi_ref")
    with service.database.reading() as tx:
        return find_record_by_comment_id(tx, service.site.id, ref)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Semoga jalannya cepat selesai, Pak.", "approved"),
        ("Dasar goblok semua.", "unapproved"),
        ("Situs gacor malam ini.", "spam"),
    ],
)
def test_a_visitors_comment_lands_as_the_verdict_says(
    service: Service, wordpress: WordPress, text: str, status: str
) -> None:
    assert wordpress.status(wordpress.comment(text)) == status


def test_the_service_learns_the_text_as_written_and_the_article(
    service: Service, wordpress: WordPress
) -> None:
    wordpress.php(
        "require_once ABSPATH . 'wp-admin/includes/taxonomy.php';"
        "wp_update_post( array( 'ID' => 1, 'post_title' => 'Jalan \"desa\" & jembatan', "
        "'post_excerpt' => 'Dua desa dapat jalan.' ) );"
        "wp_set_post_terms( 1, array( wp_create_category( 'Daerah' ) ), 'category' );"
    )
    first = wordpress.comment('Hari Jum\'at nanti "jadi" kan?')
    answer = wordpress.comment("Jadi, Pak.", comment_parent=str(first))

    comment = record_of(service, wordpress, first).comment
    reply = record_of(service, wordpress, answer).comment
    assert comment.text == 'Hari Jum\'at nanti "jadi" kan?'
    assert comment.article.title == "Jalan “desa” & jembatan"
    assert (comment.article.section, comment.article.summary) == ("Daerah", "Dua desa dapat jalan.")
    assert (comment.author.name, comment.author.network) == ("Budi", "127.0.0.0/24")
    assert reply.parent.text == comment.text
    assert reply.parent.comment_id == comment.comment_id


def test_a_comment_over_the_rest_api_is_judged_too(service: Service, wordpress: WordPress) -> None:
    answer = wordpress.browser().post(
        f"{wordpress.url}/index.php?rest_route=/wp/v2/comments",
        post="1",
        author_name="Budi",
        author_email="budi@surat.example",
        content="Hari Jum'at ada gacor lagi.",
    )
    comment_id = int(json.loads(answer.text)["id"])

    assert answer.status == 201
    assert wordpress.status(comment_id) == "spam"
    assert record_of(service, wordpress, comment_id).comment.text == "Hari Jum'at ada gacor lagi."


@pytest.mark.parametrize(
    ("decision", "status"), [(Decision.APPROVE, "approved"), (Decision.REJECT, "spam")]
)
def test_a_decision_in_the_service_changes_the_comment_and_does_not_come_back(
    service: Service, wordpress: WordPress, decision: Decision, status: str
) -> None:
    comment_id = wordpress.comment(f"Kamu goblok, {decision}.")

    decide(service, decision)
    delivered = service.deliver()

    assert delivered == 2
    assert wordpress.status(comment_id) == status
    ruling = record_of(service, wordpress, comment_id).ruling
    assert ruling is not None
    assert ruling.source is Source.API


def test_marking_spam_in_wp_admin_reaches_the_service(
    service: Service, wordpress: WordPress
) -> None:
    comment_id = wordpress.comment("Beli di toko saya saja ya.")
    admin = wordpress.log_in()
    page = html.unescape(admin.get(f"{wordpress.url}/wp-admin/edit-comments.php").text)
    link = re.search(rf"comment\.php\?c={comment_id}&action=spamcomment&_wpnonce=\w+", page)
    assert link is not None

    admin.get(f"{wordpress.url}/wp-admin/{link[0]}")

    assert wordpress.status(comment_id) == "spam"
    ruling = record_of(service, wordpress, comment_id).ruling
    assert ruling is not None
    assert (ruling.decision, ruling.labels) == (Decision.REJECT, (Label.SPAM,))
    assert (ruling.decided_by, ruling.source) == ("admin", Source.SITE)


def test_approving_and_trashing_are_reported_too(service: Service, wordpress: WordPress) -> None:
    approved = wordpress.comment("Dasar goblok, tapi boleh.")
    trashed = wordpress.comment("Dasar goblok, buang.")

    wordpress.php(
        f"wp_set_current_user( 1 ); wp_set_comment_status( {approved}, 'approve' );"
        f"wp_trash_comment( {trashed} );"
    )

    rulings = [record_of(service, wordpress, one).ruling for one in (approved, trashed)]
    assert [ruling and ruling.decision for ruling in rulings] == ["approve", "reject"]


def test_a_later_decision_in_wp_admin_is_not_overruled_by_a_late_webhook(
    service: Service, wordpress: WordPress
) -> None:
    comment_id = wordpress.comment("Goblok, kata saya.")
    decide(service, Decision.APPROVE)
    wordpress.php(f"wp_set_current_user( 1 ); wp_spam_comment( {comment_id} );")

    service.deliver()

    assert wordpress.status(comment_id) == "spam"


def test_the_reasons_stand_in_the_list_of_comments(service: Service, wordpress: WordPress) -> None:
    wordpress.comment("Dasar goblok, ini alasannya.")

    page = wordpress.log_in().get(f"{wordpress.url}/wp-admin/edit-comments.php").text

    assert "<strong>Needs review</strong><br>insult: " in page


def test_people_who_may_moderate_are_not_sent(service: Service, wordpress: WordPress) -> None:
    admin = wordpress.log_in()

    answer = admin.post(
        f"{wordpress.url}/wp-comments-post.php", comment_post_ID="1", comment="Siapa goblok?"
    )

    found = re.search(r"#comment-(\d+)", answer.location)
    assert found is not None
    assert wordpress.status(int(found[1])) == "approved"
    assert wordpress.meta(int(found[1]), "_moderasi_ref") == ""


def test_the_disallowed_list_has_the_last_word(service: Service, wordpress: WordPress) -> None:
    wordpress.php("update_option( 'disallowed_keys', 'kataterlarang' );")

    assert wordpress.status(wordpress.comment("Ini kataterlarang.")) == "trash"


def test_a_site_that_approves_everything_by_hand_still_does(
    service: Service, wordpress: WordPress
) -> None:
    wordpress.php("update_option( 'comment_moderation', '1' );")
    try:
        assert wordpress.status(wordpress.comment("Bagus sekali beritanya.")) == "unapproved"
    finally:
        wordpress.php("update_option( 'comment_moderation', '' );")


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Something that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_without_the_service_a_comment_is_held_and_checked_later(
    service: Service, wordpress: WordPress
) -> None:
    connect(wordpress, "http://127.0.0.1:9", service.key)
    clean = wordpress.comment("Layanan sedang mati, komentar sopan.")
    spam = wordpress.comment("Layanan sedang mati, situs gacor.")
    assert wordpress.status(clean) == wordpress.status(spam) == "unapproved"
    assert wordpress.php("echo wp_next_scheduled( 'moderasi_balasan_catch_up' ) > 0;") == "1"

    connect(wordpress, service.url, service.key)
    wordpress.catch_up()

    assert (wordpress.status(clean), wordpress.status(spam)) == ("approved", "spam")
    assert wordpress.meta(clean, "_moderasi_unchecked") == ""
    assert record_of(service, wordpress, clean).ruling is None


def test_a_silent_service_is_given_less_than_two_seconds(
    service: Service, wordpress: WordPress, silent_port: int
) -> None:
    connect(wordpress, f"http://127.0.0.1:{silent_port}", service.key)

    assert wordpress.status(wordpress.comment("Layanan diam saja.")) == "unapproved"
    assert 0 < float(wordpress.php("echo get_option( 'tests_timeout' );")) < 2


def test_a_decision_made_while_the_service_was_away_is_reported_later(
    service: Service, wordpress: WordPress
) -> None:
    comment_id = wordpress.comment("Dasar goblok, nanti dilaporkan.")
    connect(wordpress, "http://127.0.0.1:9", service.key)
    wordpress.php(f"wp_set_current_user( 1 ); wp_spam_comment( {comment_id} );")
    assert record_of(service, wordpress, comment_id).ruling is None

    connect(wordpress, service.url, service.key)
    wordpress.catch_up()

    ruling = record_of(service, wordpress, comment_id).ruling
    assert ruling is not None
    assert ruling.decided_by == "admin"


def test_an_event_that_is_not_signed_with_our_secret_changes_nothing(
    service: Service, wordpress: WordPress
) -> None:
    comment_id = wordpress.comment("Goblok tanpa tanda tangan.")
    decide(service, Decision.APPROVE)
    connect(wordpress, service.url, service.key, "whsec_" + "A" * 43 + "=")

    service.deliver()

    assert wordpress.status(comment_id) == "unapproved"


@pytest.mark.parametrize(
    ("url", "key", "says"),
    [
        (None, None, "Connected. The service answers with model fake-1."),
        (None, "mb_salah", "does not know this API key"),
        ("http://127.0.0.1:9", None, "cannot be reached"),
        ("WORDPRESS", None, "but not Moderasi Balasan"),
        ("", None, "Fill in the address"),
    ],
)
def test_the_test_button_says_what_is_wrong(
    service: Service, wordpress: WordPress, url: str | None, key: str | None, says: str
) -> None:
    address = service.url if url is None else url.replace("WORDPRESS", wordpress.url)
    connect(wordpress, address, service.key if key is None else key)
    admin = wordpress.log_in()
    page = f"{wordpress.url}/wp-admin/options-general.php?page=moderasi-balasan"
    nonce = re.search(
        r'name="action" value="moderasi_balasan_test">\s*<input[^>]* value="(\w+)"',
        admin.get(page).text,
    )
    assert nonce is not None

    answer = admin.post(
        f"{wordpress.url}/wp-admin/admin-post.php",
        action="moderasi_balasan_test",
        _wpnonce=nonce[1],
    )

    assert answer.status == 302
    assert says in admin.get(page).text


def test_the_test_button_needs_its_nonce(service: Service, wordpress: WordPress) -> None:
    answer = wordpress.log_in().post(
        f"{wordpress.url}/wp-admin/admin-post.php", action="moderasi_balasan_test"
    )

    assert answer.status == 403


def test_the_settings_page_speaks_indonesian(service: Service, wordpress: WordPress) -> None:
    wordpress.php("update_user_meta( 1, 'locale', 'id_ID' );")
    try:
        page = wordpress.php(
            "wp_set_current_user( 1 ); switch_to_locale( 'id_ID' );"
            "load_textdomain( 'moderasi-balasan', WP_PLUGIN_DIR . "
            "'/moderasi-balasan/languages/moderasi-balasan-id_ID.mo' );"
            "echo __( 'Test the connection', 'moderasi-balasan' );"
        )
    finally:
        wordpress.php("delete_user_meta( 1, 'locale' );")

    assert page == "Uji sambungan"
