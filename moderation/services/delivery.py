"""Send what waits in the outbox: at least once, each comment's events in their order."""

import json
import logging
import random
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from standardwebhooks import Webhook

from moderation.domain.delivery import Answer, Event, Outcome, State, judge
from moderation.services import outbox as announcing
from moderation.services.akismet_callback import callback_for
from moderation.services.records import find_record
from moderation.services.sending import Sender
from moderation.services.webhooks import signing_secret
from moderation.storage import outbox, webhooks
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.outbox import Delivery
from moderation.storage.webhooks import Endpoint

logger = logging.getLogger(__name__)

# The type of an event that only asks whether it arrives.
CHECKED = "endpoint.checked"
# Longer than an attempt can take, so that only a dead worker loses what it holds.
LEASE = timedelta(seconds=60)
POLL_S = 1.0
AT_ONCE = 16
# What one slow endpoint may hold of the places; the others stay free for the rest.
AT_ONCE_PER_ENDPOINT = 4


@dataclass(frozen=True, slots=True)
class Courier:
    """Takes deliveries, signs and sends them, and writes down what came of it.

    ``random`` gives the jitter, 0 to 1. Any number of couriers may share a database.
    """

    database: Database
    sender: Sender
    pseudonyms: Pseudonyms
    clock: Callable[[], datetime]
    lease: timedelta = LEASE
    random: Callable[[], float] = field(default=random.random)

    def deliver_due(self) -> int:
        """Send everything that is due now, one after the other; return how many attempts."""
        count = 0
        while taken := self.take(1):
            self.deliver(taken[0])
            count += 1
        return count

    def take(self, count: int, *, without: tuple[int, ...] = ()) -> list[Delivery]:
        """Claim what is due."""
        now = self.clock()
        return self.database.write(
            lambda tx: outbox.claim(tx, now=now, lease=self.lease, count=count, without=without)
        )

    def deliver(self, delivery: Delivery) -> None:
        """Make one attempt at a claimed delivery."""
        started = self.clock()
        with self.database.reading() as tx:
            endpoint = webhooks.find(tx, delivery.endpoint_id)
            message = None if endpoint is None else self._compose(tx, endpoint, delivery, started)
        # A process that slept past its lease must not overtake the one that has it now.
        if endpoint is None or (delivery.lease_until and delivery.lease_until <= started):
            return
        if message is None:
            answer, now = Answer(None, "the decision was taken back"), started
            outcome = Outcome(State.CANCELLED)
        else:
            answer = self.sender.send(endpoint.url, *message)
            now = self.clock()
            outcome = judge(answer, attempts=delivery.attempts, now=now, jitter=self.random())
        if outcome.disables:
            logger.error("endpoint %d is disabled: %s", endpoint.id, outcome.disables)
        self.database.write(lambda tx: _finish(tx, endpoint, delivery, answer, outcome, now))

    def _compose(
        self, tx: sa.Connection, endpoint: Endpoint, delivery: Delivery, now: datetime
    ) -> tuple[Mapping[str, str], bytes] | None:
        """Return headers and body, or ``None`` if there is nothing to tell any more."""
        if delivery.type is not Event.AKISMET_DECIDED:
            return self._write(endpoint, str(delivery.event_id), delivery.payload, now)
        comment = UUID(json.loads(delivery.payload)["comment"])
        record = find_record(tx, endpoint.site_id, comment)
        callback = callback_for(tx, self.pseudonyms, record)
        return None if callback is None else (callback.headers, callback.body)

    def check(self, endpoint: Endpoint) -> Answer:
        """Send an event that tells nothing, once, and return the answer; nothing is written."""
        now = self.clock()
        event = {"type": CHECKED, "timestamp": now.isoformat(timespec="seconds"), "data": {}}
        message = self._write(endpoint, f"check-{uuid4()}", json.dumps(event), now)
        return self.sender.send(endpoint.url, *message)

    def _write(
        self, endpoint: Endpoint, message_id: str, payload: str, now: datetime
    ) -> tuple[dict[str, str], bytes]:
        """Return headers and body, signed with every secret that is good now."""
        signatures = [
            Webhook(signing_secret(self.pseudonyms, salt)).sign(message_id, now, payload)
            for salt in endpoint.salts(now)
        ]
        headers = {
            "content-type": "application/json",
            "user-agent": "moderasi-balasan",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signatures),
        }
        return headers, payload.encode()


def _finish(
    tx: sa.Connection,
    endpoint: Endpoint,
    delivery: Delivery,
    answer: Answer,
    outcome: Outcome,
    now: datetime,
) -> None:
    held = outbox.finish(tx, delivery, answer, outcome, now=now)
    why = outcome.disables
    if held and why and webhooks.disable(tx, endpoint.id, why=why, now=now):
        announcing.announce_disabled(tx, endpoint, why=why, now=now)


class Round:
    """A worker's loop: keeps the places filled until it is told to stop."""

    def __init__(self, courier: Courier, *, wake: threading.Event, at_once: int = AT_ONCE) -> None:
        self._courier = courier
        self._wake = wake
        self._at_once = at_once
        self._lock = threading.Lock()
        self._under_way: Counter[int] = Counter()

    def run(self, goes_on: Callable[[], bool]) -> None:
        """Send until ``goes_on`` is false; then end when every attempt under way has ended.

        Between, it looks at the outbox whenever a place falls free, ``wake`` is set, or
        ``POLL_S`` have passed.
        """
        with ThreadPoolExecutor(self._at_once, thread_name_prefix="courier") as pool:
            while goes_on():
                self._wake.clear()
                if not self._fill(pool):
                    self._wake.wait(POLL_S)

    def _fill(self, pool: ThreadPoolExecutor) -> bool:
        """Start what is due and finds a place; say whether anything was."""
        with self._lock:
            free = self._at_once - self._under_way.total()
            full = tuple(e for e, n in self._under_way.items() if n >= AT_ONCE_PER_ENDPOINT)
        if free == 0:
            return False
        try:
            taken = self._courier.take(min(free, AT_ONCE_PER_ENDPOINT), without=full)
        except Exception:
            logger.exception("the outbox cannot be read; trying again")
            return False
        for delivery in taken:
            with self._lock:
                self._under_way[delivery.endpoint_id] += 1
            pool.submit(self._deliver, delivery)
        return bool(taken)

    def _deliver(self, delivery: Delivery) -> None:
        try:
            self._courier.deliver(delivery)
        except Exception:
            logger.exception("delivery %d is tried again when its lease is over", delivery.id)
        finally:
            with self._lock:
                self._under_way[delivery.endpoint_id] -= 1
            self._wake.set()
