"""WordPress's own Akismet plugin and the service: what one decides, the other follows."""

import html
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import urllib3

from moderation.domain.decision import Decision, Source
from moderation.domain.verdict import Label, Verdict
from moderation.services import access
from moderation.services.records import Record, find_record
from moderation.storage.identity import Pseudonyms
from tests.conftest import SECRET
from tests.factories import MONDAY
from tests.integrations.wordpress.conftest import Service
from tests.integrations.wordpress.wordpress import WordPress


@pytest.fixture
def key(service: Service) -> str:
    with service.database.writing() as tx:
        return access.issue_akismet_key(
            tx, service.site, Pseudonyms(SECRET), note="WordPress", now=MONDAY
        )


@pytest.fixture
def redirected(service: Service, wordpress: WordPress, key: str) -> Iterator[WordPress]:
    with wordpress.akismet(service.url, key):
        yield wordpress


def record_of(service: Service, wordpress: WordPress, comment_id: int) -> Record:
    guid = wordpress.meta(comment_id, "moderasi_akismet_guid")
    with service.database.reading() as tx:
        return find_record(tx, service.site.id, UUID(guid))


def decide_over_the_queue(service: Service, decision: Decision) -> None:
    """Claim the one waiting comment and decide it, as a newsroom's own tool does."""

    def call(path: str, **body: object) -> Any:
        headers = {"Authorization": f"Bearer {service.key}"}
        url = f"{service.url}/v1/queue/{path}"
        answer = urllib3.request("POST", url, json=body, headers=headers)
        assert answer.status == 200, answer.data
        return answer.json()

    (item,) = call("claim", moderator="sari")["items"]
    labels = [Label.ABUSE] if decision is Decision.REJECT else []
    call(f"{item['id']}/decision", decision=decision, labels=labels, version=item["version"])


@pytest.mark.parametrize(
    ("decision", "status"), [(Decision.APPROVE, "approved"), (Decision.REJECT, "spam")]
)
def test_a_comment_for_review_is_held_and_follows_the_decision(
    service: Service, redirected: WordPress, decision: Decision, status: str
) -> None:
    comment_id = redirected.comment(f"Kamu goblok, {decision}, kata Akismet.")
    held = record_of(service, redirected, comment_id)
    assert redirected.status(comment_id) == "unapproved"
    assert held.comment.assessment.verdict is Verdict.REVIEW

    decide_over_the_queue(service, decision)
    service.deliver()

    assert redirected.status(comment_id) == status
    ruling = record_of(service, redirected, comment_id).ruling
    assert ruling is not None
    assert ruling.source is Source.API


def test_marking_spam_in_wp_admin_reaches_the_service_and_outlasts_its_decision(
    service: Service, redirected: WordPress
) -> None:
    comment_id = redirected.comment("Kamu goblok, lihat toko saya.")
    before = record_of(service, redirected, comment_id)
    decide_over_the_queue(service, Decision.APPROVE)
    admin = redirected.log_in()
    page = html.unescape(admin.get(f"{redirected.url}/wp-admin/edit-comments.php").text)
    link = re.search(rf"comment\.php\?c={comment_id}&action=spamcomment&_wpnonce=\w+", page)
    assert link is not None

    admin.get(f"{redirected.url}/wp-admin/{link[0]}")
    service.deliver()

    assert redirected.status(comment_id) == "spam"
    with service.database.reading() as tx:
        ruling = find_record(tx, service.site.id, before.comment.id).ruling
    assert ruling is not None
    assert (ruling.decision, ruling.labels) == (Decision.REJECT, (Label.ABUSE,))
    assert (ruling.decided_by, ruling.source) == ("admin", Source.SITE)


def test_the_callback_needs_the_key(service: Service, redirected: WordPress, key: str) -> None:
    comment_id = redirected.comment("Kamu goblok, tanpa kunci.")
    guid = redirected.meta(comment_id, "moderasi_akismet_guid")
    url = f"{redirected.url}/index.php?rest_route=/moderasi-akismet/v1/callback"

    def tell(key: str) -> int:
        comments = [{"guid": guid, "result": "true"}]
        return urllib3.request("POST", url, json={"key": key, "comments": comments}).status

    assert tell("0" * 12) == 401
    assert redirected.status(comment_id) == "unapproved"
    assert tell(key) == 200
    assert redirected.status(comment_id) == "spam"
