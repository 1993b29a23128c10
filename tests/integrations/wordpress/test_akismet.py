"""WordPress's own Akismet plugin, redirected: our verdicts in its terms, its reports in ours.

The packaged version knows no webhook; that decisions are sent is tested with the courier.
"""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from moderation.domain.decision import Source
from moderation.domain.verdict import Label
from moderation.services import access
from moderation.storage.identity import Pseudonyms
from moderation.storage.schema import decisions
from tests.conftest import SECRET
from tests.integrations.wordpress.conftest import Service
from tests.integrations.wordpress.wordpress import WordPress


@pytest.fixture
def akismet(service: Service, wordpress: WordPress) -> Iterator[WordPress]:
    """WordPress with Akismet's plugin at work, every request of it sent to the service."""
    with service.database.writing() as tx:
        key = access.issue_akismet_key(
            tx, service.site, Pseudonyms(SECRET), note="WordPress", now=datetime.now(UTC)
        )
    wordpress.php("update_option( 'comment_previously_approved', '' );")
    with wordpress.akismet(service.url, key):
        yield wordpress


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Semoga lekas 'selesai', kata Akismet.", "approved"),
        ("Dasar goblok, kata Akismet.", "unapproved"),
        ("Situs gacor, kata Akismet.", "spam"),
    ],
)
def test_a_visitors_comment_lands_as_the_verdict_says(
    akismet: WordPress, text: str, status: str
) -> None:
    assert akismet.status(akismet.comment(text)) == status


def test_marking_spam_in_wp_admin_reaches_the_service(service: Service, akismet: WordPress) -> None:
    comment_id = akismet.comment("Beli di toko lewat Akismet saja ya.")
    admin = akismet.log_in()
    page = html.unescape(admin.get(f"{akismet.url}/wp-admin/edit-comments.php").text)
    link = re.search(rf"comment\.php\?c={comment_id}&action=spamcomment&_wpnonce=\w+", page)
    assert link is not None

    admin.get(f"{akismet.url}/wp-admin/{link[0]}")

    with service.database.reading() as tx:
        decided = tx.execute(sa.select(decisions)).one()
    assert (decided.decision, decided.labels) == ("reject", [Label.SPAM.value])
    assert (decided.source, decided.decided_by) == (Source.SITE.value, "admin")
