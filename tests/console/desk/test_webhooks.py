from datetime import UTC, datetime

import pytest

from moderation.domain.delivery import Answer, Event
from moderation.services import webhooks
from moderation.services.delivery import Courier
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.sites import Site
from tests.conftest import SECRET
from tests.console.conftest import Browser, Submit
from tests.factories import MONDAY

GONE = "https://kabar.example/<b>gone</b>"


class Gone:
    def send(self, *_: object) -> Answer:
        return Answer(410)


@pytest.fixture
def gone_endpoint(database: Database, site: Site, submit: Submit) -> int:
    """An endpoint that has answered 410 to the one event sent to it."""
    pseudonyms = Pseudonyms(SECRET)
    with database.writing() as tx:
        endpoint_id, _ = webhooks.add_endpoint(
            tx, site, GONE, list(Event), pseudonyms=pseudonyms, allow_http=False, now=MONDAY
        )
    submit("c-1", "dasar goblok")
    Courier(database, Gone(), pseudonyms, clock=lambda: datetime.now(UTC)).deliver_due()
    return endpoint_id


def test_an_administrator_sees_what_failed_and_sends_it_again(
    admin: Browser, gone_endpoint: int
) -> None:
    page = admin.open("/console/webhooks").text
    assert "the endpoint answered 410 Gone" in page
    assert "1 gagal" in page
    assert "comment.queued" in page
    assert "<b>gone</b>" not in page

    page = admin.send(f"/console/webhooks/{gone_endpoint}/replay").text

    assert "1 kiriman menunggu" in page
    assert "1 menunggu" in page
    assert "mengirim ulang webhook" in admin.open("/console/audit").text


def test_an_unknown_endpoint_is_not_found(admin: Browser) -> None:
    admin.open("/console/people")

    assert admin.send("/console/webhooks/77/replay").status_code == 404


def test_editors_do_not_see_webhooks(editor: Browser) -> None:
    assert editor.open("/console/webhooks").status_code == 403
    assert "/console/webhooks" not in editor.open("/console/overview").text
