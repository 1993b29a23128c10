"""The tables other systems' wire formats need, beside those of the service itself."""

import sqlalchemy as sa

from moderation.storage.schema import UtcDateTime, metadata

akismet_keys = sa.Table(
    "akismet_keys",
    metadata,
    sa.Column("api_key_id", sa.ForeignKey("api_keys.id"), primary_key=True),
    # The key is computed from this and the installation's secret, so that a callback can name
    # it; the key itself lies in no database.
    sa.Column("nonce", sa.String(32), nullable=False),
)

akismet_checks = sa.Table(
    "akismet_checks",
    metadata,
    sa.Column("comment_pk", sa.ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("site_id", sa.ForeignKey("sites.id"), nullable=False),
    sa.Column("api_key_id", sa.ForeignKey("api_keys.id"), nullable=False),
    # What a later submit-spam or submit-ham is recognised by: it names no comment of ours.
    sa.Column("text_hash", sa.String(64), nullable=False),
    sa.Column("callback", sa.Text, nullable=False),
    sa.Column("checked_at", UtcDateTime, nullable=False),
    sa.Index("ix_akismet_checks_site_id_text_hash", "site_id", "text_hash"),
    sa.Index("ix_akismet_checks_api_key_id_checked_at", "api_key_id", "checked_at"),
)

coral_secrets = sa.Table(
    "coral_secrets",
    metadata,
    sa.Column("site_id", sa.ForeignKey("sites.id"), primary_key=True),
    # Coral makes these and signs with them; checking a signature needs them as they are. There
    # are two while Coral rotates.
    sa.Column("secrets", sa.JSON, nullable=False),
    sa.Column("set_at", UtcDateTime, nullable=False),
)

idempotent_answers = sa.Table(
    "idempotent_answers",
    metadata,
    sa.Column("api_key_id", sa.ForeignKey("api_keys.id"), primary_key=True),
    # A digest: the header may be long, and is the client's own business.
    sa.Column("idempotency_key", sa.String(64), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    # NULL while the first request is still being answered.
    sa.Column("status", sa.Integer),
    sa.Column("content_type", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Index("ix_idempotent_answers_started_at", "started_at"),
)
