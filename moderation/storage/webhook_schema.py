"""The tables of the webhooks: where to send, what is to be sent, and every attempt."""

import sqlalchemy as sa

from moderation.storage.schema import UtcDateTime, metadata

_BIG_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")

webhook_endpoints = sa.Table(
    "webhook_endpoints",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("site_id", sa.ForeignKey("sites.id"), nullable=False, index=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("events", sa.JSON, nullable=False),
    # The signing secret is derived from the salt and the service's own secret, so that a
    # stolen database alone cannot sign. The old salt still signs until its time is over.
    sa.Column("salt", sa.String(64), nullable=False),
    sa.Column("old_salt", sa.String(64)),
    sa.Column("old_salt_until", UtcDateTime),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("disabled_at", UtcDateTime),
    sa.Column("disabled_why", sa.Text, nullable=False, server_default=""),
)

webhook_outbox = sa.Table(
    "webhook_outbox",
    metadata,
    # Counts up within each comment in the order things happened to it.
    sa.Column("id", _BIG_ID, primary_key=True),
    sa.Column("event_id", sa.Uuid, nullable=False),
    sa.Column("endpoint_id", sa.ForeignKey("webhook_endpoints.id"), nullable=False),
    sa.Column("type", sa.String(32), nullable=False),
    # The site's own id: what happens to one comment, in any revision, is sent in order.
    # Empty where the event is about no comment.
    sa.Column("comment_id", sa.Text, nullable=False),
    sa.Column("decision_id", sa.ForeignKey("decisions.id"), index=True),
    # The very bytes that are signed and sent, the same at every attempt.
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_at", UtcDateTime, nullable=False),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
)

_pending = webhook_outbox.c.finished_at.is_(None)
_finished = webhook_outbox.c.finished_at.is_not(None)
sa.Index(
    "ix_webhook_outbox_finished",
    webhook_outbox.c.finished_at,
    sqlite_where=_finished,
    postgresql_where=_finished,
)
sa.Index(
    "ix_webhook_outbox_due",
    webhook_outbox.c.next_at,
    webhook_outbox.c.id,
    sqlite_where=_pending,
    postgresql_where=_pending,
)
sa.Index(
    "ix_webhook_outbox_in_order",
    webhook_outbox.c.endpoint_id,
    webhook_outbox.c.comment_id,
    webhook_outbox.c.id,
    sqlite_where=_pending,
    postgresql_where=_pending,
)

webhook_attempts = sa.Table(
    "webhook_attempts",
    metadata,
    sa.Column("id", _BIG_ID, primary_key=True),
    sa.Column("outbox_id", sa.ForeignKey("webhook_outbox.id"), nullable=False, index=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("error", sa.Text, nullable=False),
)
