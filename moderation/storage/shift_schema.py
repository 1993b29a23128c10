"""The tables of a moderator's shift: what they skipped, how they like it, and when it was over."""

import sqlalchemy as sa

from moderation.storage.schema import UtcDateTime, metadata

queue_skips = sa.Table(
    "queue_skips",
    metadata,
    sa.Column("item_id", sa.ForeignKey("queue_items.id"), primary_key=True),
    sa.Column("moderator", sa.Text, primary_key=True),
    sa.Column("skipped_at", UtcDateTime, nullable=False),
)

preferences = sa.Table(
    "preferences",
    metadata,
    sa.Column("username", sa.Text, primary_key=True),
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
)

ended_sessions = sa.Table(
    "ended_sessions",
    metadata,
    # A random number in the session's cookie.
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("ended_at", UtcDateTime, nullable=False, index=True),
)
