"""The tables of the editor's desk: policies, people's reach, batches, second looks."""

import sqlalchemy as sa

from moderation.storage.schema import (
    UtcDateTime,
    audit_log,
    comments,
    decisions,
    metadata,
    queue_items,
)

policies = sa.Table(
    "policies",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("site_id", sa.ForeignKey("sites.id"), nullable=False),
    # Empty for the whole site. Every change is a new number; rows are only ever added.
    sa.Column("section", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    # Null hands the section back to the site's policy, and the site to the champion's.
    sa.Column("bands", sa.JSON(none_as_null=True)),
    # Thresholds mean something only against the calibration of the model they were made for.
    sa.Column("model_version", sa.Text, nullable=False),
    # How many of 1,000 published comments may be harmful, where the dial chose the bands.
    sa.Column("allowed", sa.Integer),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("source", sa.String(16), nullable=False),
    sa.UniqueConstraint("site_id", "section", "number"),
)

profiles = sa.Table(
    "profiles",
    metadata,
    sa.Column("user_id", sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("pseudonym", sa.Text, nullable=False, server_default=""),
    # Said outright, so that taking the last site from somebody never gives them all.
    sa.Column("everywhere", sa.Boolean, nullable=False, server_default=sa.true()),
)

profile_reaches = sa.Table(
    "profile_reaches",
    metadata,
    sa.Column("user_id", sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("site_id", sa.ForeignKey("sites.id"), primary_key=True),
    sa.Column("section", sa.Text, primary_key=True),
)

batches = sa.Table(
    "batches",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("decision", sa.String(8), nullable=False),
    sa.Column("label", sa.String(16), nullable=False),
    sa.Column("low", sa.Float, nullable=False),
    sa.Column("high", sa.Float, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("undone_by", sa.Text),
    sa.Column("undone_at", UtcDateTime),
)

batch_decisions = sa.Table(
    "batch_decisions",
    metadata,
    sa.Column("decision_id", sa.ForeignKey("decisions.id"), primary_key=True),
    sa.Column("batch_id", sa.ForeignKey("batches.id"), nullable=False, index=True),
)

second_looks = sa.Table(
    "second_looks",
    metadata,
    sa.Column("decision_id", sa.ForeignKey("decisions.id"), primary_key=True),
    sa.Column("site_id", sa.ForeignKey("sites.id"), nullable=False),
    sa.Column("drawn_at", UtcDateTime, nullable=False),
    sa.Column("answered_by", sa.Text),
    sa.Column("answered_at", UtcDateTime),
    sa.Column("decision", sa.String(8)),
    sa.Column("labels", sa.JSON(none_as_null=True)),
    # Why it is asked: drawn by chance, or because training doubts the label; then how much.
    sa.Column("origin", sa.String(8), nullable=False, server_default="chance"),
    sa.Column("rank", sa.Integer),
)

newsrooms = sa.Table(
    "newsrooms",
    metadata,
    sa.Column("site_id", sa.ForeignKey("sites.id"), primary_key=True),
    sa.Column("second_look_share", sa.Float, nullable=False),
)

_open = queue_items.c.closed_at.is_(None)
_unanswered = second_looks.c.answered_at.is_(None)
# With the verdict in it, a period's arrivals are counted without reading a single comment.
sa.Index("ix_comments_received_at", comments.c.received_at, comments.c.verdict)
sa.Index(
    "ix_comments_site_id_received_at",
    comments.c.site_id,
    comments.c.received_at,
    comments.c.verdict,
)
sa.Index("ix_decisions_decided_at", decisions.c.decided_at)
sa.Index("ix_decisions_site_id_decided_at", decisions.c.site_id, decisions.c.decided_at)
sa.Index("ix_audit_log_at", audit_log.c.at)
sa.Index("ix_audit_log_actor_at", audit_log.c.actor, audit_log.c.at)
sa.Index(
    "ix_queue_items_open_by_opening",
    queue_items.c.opened_at,
    sqlite_where=_open,
    postgresql_where=_open,
)
sa.Index(
    "ix_second_looks_unanswered",
    second_looks.c.drawn_at,
    sqlite_where=_unanswered,
    postgresql_where=_unanswered,
)
