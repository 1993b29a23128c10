from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from moderation.domain.delivery import Answer, Event, Outcome, State
from moderation.storage import outbox, outgrown, webhooks
from moderation.storage.engine import Database
from moderation.storage.sites import Site
from moderation.storage.webhook_schema import webhook_attempts, webhook_outbox
from tests.factories import MONDAY


@pytest.mark.parametrize(
    ("state", "days", "left"),
    [(State.DELIVERED, 31, 0), (State.DELIVERED, 29, 1), (State.FAILED, 31, 1)],
)
def test_what_was_delivered_goes_with_its_attempts_and_what_failed_stays(
    database: Database, site: Site, state: State, days: int, left: int
) -> None:
    with database.writing() as tx:
        endpoint = webhooks.add(
            tx, site.id, "https://situs.example", [Event.COMMENT_DECIDED], salt="s", now=MONDAY
        )
        outbox.add(
            tx,
            [endpoint],
            event_id=uuid4(),
            event=Event.COMMENT_DECIDED,
            payload="{}",
            now=MONDAY,
            send_at=MONDAY,
        )
        (sent,) = outbox.claim(tx, now=MONDAY, lease=timedelta(minutes=1), count=1)
        outbox.finish(tx, sent, Answer(200), Outcome(state), now=MONDAY)

    with database.writing() as tx:
        before = MONDAY + timedelta(days=days - 30)
        assert outgrown.forget_deliveries(tx, before, limit=10) == 1 - left

    with database.reading() as tx:
        for table in (webhook_outbox, webhook_attempts):
            assert tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == left
