"""Workers are killed at random while they deliver: nothing is lost, nothing overtakes."""

import json
import random
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from standardwebhooks import Webhook

from moderation.domain.comment import Submission
from moderation.domain.decision import Decision
from moderation.domain.delivery import Event
from moderation.services import review, webhooks
from moderation.services.delivery import Courier
from moderation.services.intake import Intake
from moderation.services.sending import HttpSender
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.sites import Site
from moderation.storage.webhook_schema import webhook_outbox
from tests.factories import MONDAY, FakeScorer
from tests.receiver import Receiver, Request, receiving
from tests.services.fast_courier import SECRET

ROOT = Path(__file__).parents[2]
BOTH = (Decision.APPROVE, Decision.REJECT)


@dataclass
class Moody:
    """Answers the first attempt of every tenth event with 500, of some others not in time."""

    seen: set[str] = field(default_factory=set)
    ended: threading.Event = field(default_factory=threading.Event)

    def __call__(self, request: Request) -> tuple[int, dict[str, str]]:
        new = request.id not in self.seen
        self.seen.add(request.id)
        mood = int(request.id.replace("-", ""), 16) % 100
        if new and mood < 10:
            return 500, {}
        if new and mood == 10:
            self.ended.wait(2)
        return 204, {}


class Workers:
    """Two worker processes, one of which may be killed and replaced at any moment."""

    def __init__(self, database_url: str, began: datetime) -> None:
        self._command = [sys.executable, "-m", "tests.services.fast_courier"]
        self._command += [database_url, began.isoformat()]
        self._running = [self._start() for _ in range(2)]

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self._command, cwd=ROOT)

    def kill_one(self, chance: random.Random) -> None:
        victim = chance.choice(self._running)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        self._running.remove(victim)
        self._running.append(self._start())

    def end(self) -> list[int]:
        for worker in self._running:
            worker.terminate()
        return [worker.wait(30) for worker in self._running]


@contextmanager
def working(database_url: str, began: datetime) -> Iterator[Workers]:
    workers = Workers(database_url, began)
    try:
        yield workers
    finally:
        workers.end()


def decide_everything(database: Database, site: Site, *, comments: int) -> None:
    """Approve every comment, then think better of it: two decisions each."""
    intake = Intake(database, FakeScorer(), Pseudonyms(SECRET))
    ids = [
        intake.submit(site, Submission(f"c-{n}", "Setuju."), now=MONDAY)[0].comment.id
        for n in range(comments)
    ]
    with database.writing() as tx:
        for decision in BOTH:
            for comment in ids:
                review.take_feedback(
                    tx,
                    site.id,
                    comment,
                    decision=decision,
                    labels=[],
                    reporter="sari",
                    now=MONDAY,
                )


def received_decisions(receiver: Receiver) -> dict[str, list[str]]:
    received = defaultdict(list)
    for request in receiver.requests:
        data = json.loads(request.body)["data"]
        received[data["comment_id"]].append(data["decision"])
    return received


def is_signed(request: Request, secret: str) -> bool:
    """Check as the library does, except that the workers' clock is not the real one."""
    moment = datetime.fromtimestamp(int(request.headers["webhook-timestamp"]), UTC)
    signature = Webhook(secret).sign(request.id, moment, request.body.decode())
    return request.headers["webhook-signature"] == signature


def test_every_decision_arrives_in_order_however_often_workers_are_killed(
    database: Database, database_url: str, site: Site
) -> None:
    comments = 500 if database_url.startswith("sqlite") else 100
    kills = 10 if database_url.startswith("sqlite") else 3
    chance = random.Random(7)
    pseudonyms, began = Pseudonyms(SECRET), datetime.now(UTC)
    with receiving() as receiver:
        with database.writing() as tx:
            _, secret = webhooks.add_endpoint(
                tx,
                site,
                receiver.url,
                [Event.COMMENT_DECIDED],
                pseudonyms=pseudonyms,
                allow_http=True,
                now=MONDAY,
            )
        decide_everything(database, site, comments=comments)
        mood = Moody()
        receiver.answer = mood

        with working(database_url, began) as workers:
            for kill in range(1, kills + 1):
                assert receiver.wait_for(kill * comments // kills)
                workers.kill_one(chance)
            assert receiver.wait_until(lambda: len(mood.seen) == 2 * comments)
            assert workers.end() == [0, 0]
        mood.ended.set()
        # What was sent but not yet written down as sent when its worker died, comes again.
        Courier(
            database,
            HttpSender(allow_private=True),
            pseudonyms,
            clock=lambda: began + timedelta(days=30),
        ).deliver_due()

    received = received_decisions(receiver)
    assert len(received) == comments
    for decisions in received.values():
        assert sorted(decisions) == decisions, "approve comes before reject, in every repetition"
        assert set(decisions) == {"approve", "reject"}
    assert all(is_signed(request, secret) for request in receiver.requests)
    with database.reading() as tx:
        states = tx.execute(sa.select(webhook_outbox.c.state).distinct()).scalars().all()
    assert states == ["delivered"]
