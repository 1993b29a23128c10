from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from moderation.domain.comment import Submission
from moderation.domain.delivery import Answer, Event, Outcome, State
from moderation.domain.rules import Effect, Mode, Rule, RuleKind
from moderation.domain.verdict import Verdict
from moderation.services.intake import Intake
from moderation.storage import (
    hot_articles,
    outbox,
    outgrown,
    queue,
    rule_hits,
    rules,
    shift,
    webhooks,
)
from moderation.storage.engine import Database
from moderation.storage.hot_articles import Traffic
from moderation.storage.identity import Pseudonyms
from moderation.storage.rule_hits import RuleHit
from moderation.storage.sites import Site
from moderation.storage.webhook_schema import webhook_attempts, webhook_outbox
from tests.factories import MONDAY, FakeScorer


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


def test_what_rules_did_goes_when_it_is_old(database: Database, site: Site) -> None:
    rule = Rule(0, site.id, "campaign", RuleKind.CAMPAIGN, Effect.HOLD, Mode.ON, 1, {})
    with database.writing() as tx:
        rule_id = rules.add_rule(tx, rule, by="tests", at=MONDAY, change="settings")
        hit = RuleHit(rule_id, 1, False, Verdict.REVIEW, Verdict.APPROVE)
        for days in range(4):
            rule_hits.add(tx, uuid4(), [hit], at=MONDAY + timedelta(days=days))

        dropped = [
            outgrown.forget_rule_hits(tx, MONDAY + timedelta(days=3), limit=2) for _ in range(3)
        ]

        assert dropped == [2, 1, 0]
        assert rule_hits.count(tx, site.id)[rule_id].matched == 1


@pytest.mark.parametrize(("calmed", "left"), [(None, 0), (timedelta(hours=4), 1)])
def test_an_article_that_was_hot_is_forgotten_unless_somebody_keeps_it_calm(
    database: Database, site: Site, calmed: timedelta | None, left: int
) -> None:
    later = MONDAY + timedelta(hours=1)
    with database.writing() as tx:
        hot_articles.heat(tx, site.id, "a-1", Traffic(9, 0), now=MONDAY, until=MONDAY)
        until = None if calmed is None else MONDAY + calmed
        hot_articles.set_calmed(tx, site.id, "a-1", until=until, by="rina")

        assert outgrown.forget_hot_articles(tx, later, limit=10) == 1 - left
        known = hot_articles.find_known(tx, site.id, "a-1")

    assert (known is not None) == bool(left)


@pytest.mark.parametrize(("closed_after", "left"), [(None, 1), (0, 0), (2, 1)])
def test_a_skip_goes_some_time_after_its_comment_was_decided(
    database: Database, scorer: FakeScorer, site: Site, closed_after: int | None, left: int
) -> None:
    intake = Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"))
    item = intake.submit(site, Submission("c-1", "dasar goblok"), now=MONDAY)[0].item
    assert item is not None
    with database.writing() as tx:
        shift.add_skip(tx, item.id, "sari", now=MONDAY)
        if closed_after is not None:
            closed_at = MONDAY + timedelta(days=closed_after)
            queue.change(tx, item, closed_at=closed_at, version=item.version + 1)

        assert outgrown.forget_skips(tx, MONDAY + timedelta(days=1), limit=10) == 1 - left
        assert len(shift.find_skipped(tx, "sari", [item.id])) == left
