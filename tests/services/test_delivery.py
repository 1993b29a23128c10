import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from standardwebhooks import Webhook, WebhookVerificationError

from moderation.domain.comment import Submission
from moderation.domain.decision import Decision, Ruling, Source
from moderation.domain.delivery import Answer, Event
from moderation.domain.verdict import Label
from moderation.errors import InvalidError, NotFoundError
from moderation.services import access, review, webhooks
from moderation.services import outbox as announcing
from moderation.services.delivery import Courier, Round
from moderation.services.intake import Intake
from moderation.services.sending import HttpSender
from moderation.storage import akismet, decisions, outbox, sites
from moderation.storage import webhooks as endpoints
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.sites import Site
from moderation.storage.webhook_schema import webhook_outbox
from tests.factories import MONDAY, FakeClock, FakeScorer
from tests.receiver import Receiver, receiving

PSEUDONYMS = Pseudonyms("a-secret-for-the-tests")


@dataclass
class FakeSite:
    """Endpoints without a network: remembers what was sent, answers as told."""

    answers: dict[str, Answer] = field(default_factory=dict)
    sent: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.sent.append((url, headers, body))
        return self.answers.get(url, Answer(204))

    def events(self) -> list[tuple[str, str]]:
        documents = [json.loads(body) for _, _, body in self.sent]
        return [(d["type"], d["data"].get("comment_id", "")) for d in documents]


@pytest.fixture
def network() -> FakeSite:
    return FakeSite()


@pytest.fixture
def courier(database: Database, network: FakeSite, clock: FakeClock) -> Courier:
    return Courier(database, network, PSEUDONYMS, clock, random=lambda: 0.0)


@pytest.fixture
def intake(database: Database, scorer: FakeScorer) -> Intake:
    return Intake(database, scorer, PSEUDONYMS)


def an_endpoint(
    database: Database, site: Site, url: str = "https://kabar.example/hook", *events: Event
) -> tuple[int, str]:
    with database.writing() as tx:
        return webhooks.add_endpoint(
            tx,
            site,
            url,
            events or list(Event),
            pseudonyms=PSEUDONYMS,
            allow_http=True,
            now=MONDAY,
        )


def a_comment(intake: Intake, site: Site, comment_id: str = "c-1") -> UUID:
    record, _ = intake.submit(site, Submission(comment_id, "dasar goblok"), now=MONDAY)
    return record.comment.id


def reject(database: Database, site: Site, comment: UUID, *, now: datetime = MONDAY) -> None:
    with database.writing() as tx:
        review.take_feedback(
            tx,
            site.id,
            comment,
            decision=Decision.REJECT,
            labels=[Label.ABUSE],
            reporter="sari",
            now=now,
        )


def decide_in_console(database: Database, site: Site, comment: UUID) -> UUID:
    ruling = Ruling(Decision.APPROVE, (), "", "sari", Source.CONSOLE, MONDAY, timedelta(seconds=10))
    with database.writing() as tx:
        decision_id = decisions.add(tx, site.id, comment, ruling)
        announcing.announce_decided(tx, site.id, comment, decision_id, ruling)
    return decision_id


def test_what_happens_to_a_comment_is_announced_in_its_order(
    database: Database, intake: Intake, site: Site, courier: Courier, network: FakeSite
) -> None:
    an_endpoint(database, site)
    reject(database, site, a_comment(intake, site))

    assert courier.deliver_due() == 2

    assert network.events() == [("comment.queued", "c-1"), ("comment.decided", "c-1")]
    decided = json.loads(network.sent[1][2])
    assert decided["timestamp"] == "2026-11-23T09:00:00.000Z"
    assert decided["data"]["decision"] == "reject"
    assert decided["data"]["labels"] == ["abuse"]
    assert decided["data"]["source"] == "site"
    assert b"sari" not in network.sent[1][2]


def test_an_undone_transaction_announces_nothing(
    database: Database, intake: Intake, site: Site, courier: Courier
) -> None:
    an_endpoint(database, site, "https://kabar.example/hook", Event.COMMENT_DECIDED)
    comment = a_comment(intake, site)

    def decide_and_fail() -> None:
        with database.writing() as tx:
            review.take_feedback(
                tx,
                site.id,
                comment,
                decision=Decision.APPROVE,
                labels=[],
                reporter="sari",
                now=MONDAY,
            )
            raise RuntimeError("the power fails")

    with pytest.raises(RuntimeError):
        decide_and_fail()

    assert courier.deliver_due() == 0


def test_an_endpoint_gets_only_the_events_it_asked_for(
    database: Database, intake: Intake, site: Site, courier: Courier, network: FakeSite
) -> None:
    an_endpoint(database, site, "https://kabar.example/hook", Event.COMMENT_DECIDED)
    reject(database, site, a_comment(intake, site))

    courier.deliver_due()

    assert network.events() == [("comment.decided", "c-1")]


def test_a_failed_event_is_repeated_with_its_id_and_holds_back_only_its_own_comment(
    database: Database,
    intake: Intake,
    site: Site,
    courier: Courier,
    network: FakeSite,
    clock: FakeClock,
) -> None:
    an_endpoint(database, site)
    network.answers["https://kabar.example/hook"] = Answer(500)
    reject(database, site, a_comment(intake, site))
    courier.deliver_due()
    network.answers.clear()
    a_comment(intake, site, "c-2")

    courier.deliver_due()
    clock.advance(seconds=5)
    courier.deliver_due()

    assert network.events() == [
        ("comment.queued", "c-1"),
        ("comment.queued", "c-2"),
        ("comment.queued", "c-1"),
        ("comment.decided", "c-1"),
    ]
    assert network.sent[0][1]["webhook-id"] == network.sent[2][1]["webhook-id"]
    assert network.sent[0][2] == network.sent[2][2]


def test_a_dead_workers_delivery_is_taken_over_when_its_lease_is_over(
    database: Database, intake: Intake, site: Site, courier: Courier, clock: FakeClock
) -> None:
    an_endpoint(database, site)
    a_comment(intake, site)

    (taken,) = courier.take(10)
    assert courier.take(10) == []
    clock.advance(seconds=60)
    (again,) = courier.take(10)

    assert (again.id, again.attempts) == (taken.id, 2)
    courier.deliver(taken)
    with database.reading() as tx:
        assert outbox.list_attempts(tx, endpoint_id=None, limit=10) == []


def test_gone_disables_the_endpoint_and_tells_the_others(
    database: Database, intake: Intake, site: Site, courier: Courier, network: FakeSite
) -> None:
    gone, _ = an_endpoint(database, site, "https://kabar.example/gone")
    an_endpoint(database, site, "https://kabar.example/other", Event.ENDPOINT_DISABLED)
    network.answers["https://kabar.example/gone"] = Answer(410)
    a_comment(intake, site)

    courier.deliver_due()
    reject(database, site, a_comment(intake, site, "c-2"))
    courier.deliver_due()

    assert [url for url, _, _ in network.sent] == [
        "https://kabar.example/gone",
        "https://kabar.example/other",
    ]
    with database.reading() as tx:
        found = endpoints.find(tx, gone)
    assert found is not None
    assert found.disabled_why == "the endpoint answered 410 Gone"


def test_what_was_given_up_can_be_replayed(
    database: Database,
    intake: Intake,
    site: Site,
    courier: Courier,
    network: FakeSite,
    clock: FakeClock,
) -> None:
    endpoint_id, _ = an_endpoint(database, site)
    network.answers["https://kabar.example/hook"] = Answer(None, "refused")
    a_comment(intake, site)
    for _ in range(12):
        courier.deliver_due()
        clock.advance(hours=24)
    assert len(network.sent) == 10
    network.answers.clear()

    with database.writing() as tx:
        assert webhooks.replay(tx, endpoint_id, event_id=None, now=clock()) == 1

    assert courier.deliver_due() == 1
    with database.reading() as tx:
        log = outbox.list_attempts(tx, endpoint_id=endpoint_id, limit=20)
    assert [attempt.status for attempt in log] == [204, *[None] * 10]
    with database.writing() as tx:
        assert webhooks.replay(tx, endpoint_id, event_id=log[0].event_id, now=clock()) == 1
        with pytest.raises(NotFoundError):
            webhooks.replay(tx, endpoint_id, event_id=UUID(int=0), now=clock())


def test_a_console_decision_is_told_after_the_time_to_undo_it(
    database: Database, intake: Intake, site: Site, courier: Courier, clock: FakeClock
) -> None:
    an_endpoint(database, site, "https://kabar.example/hook", Event.COMMENT_DECIDED)
    decide_in_console(database, site, a_comment(intake, site))

    clock.advance(seconds=9)
    assert courier.deliver_due() == 0
    clock.advance(seconds=1)
    assert courier.deliver_due() == 1


def test_a_decision_undone_in_time_is_never_told(
    database: Database,
    intake: Intake,
    site: Site,
    courier: Courier,
    network: FakeSite,
    clock: FakeClock,
) -> None:
    an_endpoint(database, site, "https://kabar.example/hook", Event.COMMENT_DECIDED)
    comment = a_comment(intake, site)
    decision_id = decide_in_console(database, site, comment)

    with database.writing() as tx:
        announcing.cancel(tx, site.id, comment, decision_id, now=MONDAY)
    clock.advance(hours=1)

    assert courier.deliver_due() == 0
    assert network.sent == []


def test_a_decision_undone_too_late_is_reversed(
    database: Database,
    intake: Intake,
    site: Site,
    courier: Courier,
    network: FakeSite,
    clock: FakeClock,
) -> None:
    an_endpoint(database, site, "https://kabar.example/hook", Event.COMMENT_DECIDED)
    comment = a_comment(intake, site)
    decision_id = decide_in_console(database, site, comment)
    clock.advance(seconds=10)
    courier.deliver_due()

    with database.writing() as tx:
        announcing.cancel(tx, site.id, comment, decision_id, now=clock())
    courier.deliver_due()

    assert network.events() == [("comment.decided", "c-1"), ("comment.reversed", "c-1")]


@pytest.fixture
def akismet_key(database: Database, site: Site, intake: Intake) -> tuple[str, UUID]:
    """The key of a site that speaks Akismet, and a comment it asked to hear of."""
    comment = a_comment(intake, site)
    with database.writing() as tx:
        key = access.issue_akismet_key(tx, site, PSEUDONYMS, note="", now=MONDAY)
        (stored,) = sites.list_keys(tx)
        url = "https://kabar.example/wp-json/akismet/v1/webhook"
        akismet.add_check(tx, akismet.Check(comment, site.id, stored.id, "0" * 64, url, MONDAY))
    return key, comment


def test_a_site_that_speaks_akismet_hears_of_a_decision_in_that_protocol(
    database: Database,
    site: Site,
    courier: Courier,
    network: FakeSite,
    clock: FakeClock,
    akismet_key: tuple[str, UUID],
) -> None:
    key, comment = akismet_key
    decide_in_console(database, site, comment)
    clock.advance(seconds=10)

    assert courier.deliver_due() == 1

    url, headers, body = network.sent[0]
    assert url == "https://kabar.example/wp-json/akismet/v1/webhook"
    assert headers["X-Akismet-Webhook"] == "1"
    document = json.loads(body)
    assert document["key"] == key
    assert document["comments"] == [{"guid": comment.hex, "result": "false"}]
    with database.reading() as tx:
        stored = tx.execute(sa.select(webhook_outbox.c.payload)).scalar_one()
    assert key not in stored


def test_an_akismet_site_hears_nothing_of_what_it_decided_or_was_undone(
    database: Database,
    site: Site,
    courier: Courier,
    network: FakeSite,
    clock: FakeClock,
    akismet_key: tuple[str, UUID],
) -> None:
    _, comment = akismet_key
    reject(database, site, comment)
    decide_in_console(database, site, comment)
    with database.writing() as tx:
        review.take_back(tx, comment, now=MONDAY)
    clock.advance(hours=1)

    courier.deliver_due()

    assert network.sent == []


def test_a_receiver_can_verify_the_signature_before_and_after_a_rotation(
    database: Database, intake: Intake, site: Site, network: FakeSite
) -> None:
    # The library compares with the real time and takes no clock, so this test uses it too.
    real = Courier(database, network, PSEUDONYMS, clock=lambda: datetime.now(UTC))
    endpoint_id, first = an_endpoint(database, site)
    a_comment(intake, site)
    real.deliver_due()
    with database.writing() as tx:
        second = webhooks.rotate_secret(
            tx, endpoint_id, pseudonyms=PSEUDONYMS, now=datetime.now(UTC)
        )
    a_comment(intake, site, "c-2")
    real.deliver_due()

    (_, before, body), (_, after, next_body) = network.sent
    assert Webhook(first).verify(body, dict(before))["type"] == "comment.queued"
    for secret in (first, second):
        Webhook(secret).verify(next_body, dict(after))
    with pytest.raises(WebhookVerificationError):
        Webhook(first).verify(body + b" ", dict(before))


def test_an_old_secret_signs_no_more_after_a_day(
    database: Database,
    intake: Intake,
    site: Site,
    courier: Courier,
    network: FakeSite,
    clock: FakeClock,
) -> None:
    endpoint_id, _ = an_endpoint(database, site)
    with database.writing() as tx:
        webhooks.rotate_secret(tx, endpoint_id, pseudonyms=PSEUDONYMS, now=clock())
    a_comment(intake, site)
    clock.advance(hours=24)

    courier.deliver_due()

    assert len(network.sent[0][1]["webhook-signature"].split(" ")) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://kabar.example/hook",
        "ftp://kabar.example",
        "https://",
        "https://u:p@kabar.example",
        "https://kabar.example/#a",
        "https://kabar.example:99999/",
        "kabar.example",
    ],
)
def test_an_endpoint_that_could_never_be_sent_to_is_refused(url: str) -> None:
    with pytest.raises(InvalidError):
        webhooks.check_url(url, allow_http=False)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def test_a_worker_fills_its_places_and_ends_when_told(
    database: Database, intake: Intake, site: Site, receiver: Receiver
) -> None:
    an_endpoint(database, site, receiver.url)
    for number in range(20):
        reject(database, site, a_comment(intake, site, f"c-{number}"))
    wake, all_in = threading.Event(), threading.Event()

    def answer(_: object) -> tuple[int, dict[str, str]]:
        if len(receiver.requests) == 40:
            all_in.set()
        return 204, {}

    receiver.answer = answer
    real = Courier(
        database,
        HttpSender(allow_private=True),
        PSEUDONYMS,
        clock=lambda: datetime.now(UTC) + timedelta(days=1),
    )
    Round(real, wake=wake).run(lambda: not all_in.is_set())

    assert len({request.id for request in receiver.requests}) == 40
    with database.reading() as tx:
        log = outbox.list_attempts(tx, endpoint_id=None, limit=100)
    assert len(log) == 40
