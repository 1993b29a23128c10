"""Find and drop what has served its time, a portion at once."""

from datetime import datetime

import sqlalchemy as sa

from moderation.domain.delivery import State
from moderation.storage.rule_schema import (
    campaign_keys,
    campaign_work,
    campaigns,
    hot_articles,
    rule_hits,
)
from moderation.storage.schema import queue_items
from moderation.storage.shift_schema import queue_skips
from moderation.storage.webhook_schema import webhook_attempts, webhook_outbox

_DONE = (State.DELIVERED.value, State.CANCELLED.value)


def forget_deliveries(tx: sa.Connection, before: datetime, *, limit: int) -> int:
    """Drop events that were delivered or cancelled before a time, with their attempts.

    What failed stays, to be sent again.
    """
    old = (
        sa.select(webhook_outbox.c.id)
        .where(webhook_outbox.c.finished_at < before, webhook_outbox.c.state.in_(_DONE))
        .order_by(webhook_outbox.c.finished_at)
        .limit(limit)
    )
    ids = list(tx.execute(old).scalars())
    tx.execute(sa.delete(webhook_attempts).where(webhook_attempts.c.outbox_id.in_(ids)))
    tx.execute(sa.delete(webhook_outbox).where(webhook_outbox.c.id.in_(ids)))
    return len(ids)


def forget_campaigns(tx: sa.Connection, before: datetime, *, limit: int) -> int:
    """Drop texts not seen since a time, except those with a decision that still holds."""
    old = (
        sa.select(campaigns.c.id)
        .where(
            campaigns.c.last_seen < before,
            campaigns.c.id.not_in(sa.select(campaign_work.c.campaign_id)),
            sa.or_(
                campaigns.c.decision.is_(None),
                sa.and_(campaigns.c.expires_at.is_not(None), campaigns.c.expires_at < before),
            ),
        )
        .order_by(campaigns.c.last_seen)
        .limit(limit)
    )
    ids = list(tx.execute(old).scalars())
    tx.execute(sa.delete(campaign_keys).where(campaign_keys.c.campaign_id.in_(ids)))
    tx.execute(sa.delete(campaigns).where(campaigns.c.id.in_(ids)))
    return len(ids)


def forget_rule_hits(tx: sa.Connection, before: datetime, *, limit: int) -> int:
    """Drop what rules did before a time.

    Hits are numbered as they come, so the oldest are looked at without an index on their time,
    which every comment's way in would have to pay for.
    """
    first = sa.select(rule_hits.c.id).order_by(rule_hits.c.id).limit(limit).subquery()
    old = sa.select(first.c.id).join(rule_hits, rule_hits.c.id == first.c.id)
    return tx.execute(
        sa.delete(rule_hits).where(rule_hits.c.id.in_(old.where(rule_hits.c.at < before)))
    ).rowcount


def forget_hot_articles(tx: sa.Connection, before: datetime, *, limit: int) -> int:
    """Drop articles that were hot before a time, and that nobody has commented on since."""
    calmed = hot_articles.c.calmed_until
    old = (
        sa.select(hot_articles.c.site_id, hot_articles.c.article_id)
        .where(hot_articles.c.until < before, sa.or_(calmed.is_(None), calmed < before))
        .limit(limit)
    )
    rows = [tuple(row) for row in tx.execute(old)]
    named = sa.tuple_(hot_articles.c.site_id, hot_articles.c.article_id)
    tx.execute(sa.delete(hot_articles).where(named.in_(rows)))
    return len(rows)


def forget_skips(tx: sa.Connection, before: datetime, *, limit: int) -> int:
    """Drop who skipped comments that were decided before a time: a skip matters while one waits."""
    done = (
        sa.select(queue_skips.c.item_id)
        .join(queue_items, queue_items.c.id == queue_skips.c.item_id)
        .where(queue_items.c.closed_at < before)
        .distinct()
        .limit(limit)
    )
    ids = list(tx.execute(done).scalars())
    tx.execute(sa.delete(queue_skips).where(queue_skips.c.item_id.in_(ids)))
    return len(ids)
