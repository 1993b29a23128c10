"""Find and drop what has served its time, a portion at once: sent webhooks, texts seen long ago."""

from datetime import datetime

import sqlalchemy as sa

from moderation.domain.delivery import State
from moderation.storage.rule_schema import campaign_keys, campaigns
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
