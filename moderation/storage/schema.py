"""The tables. Migrations must lead to exactly these; a test compares the two."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from moderation.domain.queue import FLOORS
from moderation.domain.verdict import LABELS


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC on every database; SQLite would give back a naive one."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Turn a time into UTC on its way in; refuse a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Turn a time into an aware one in UTC on its way out."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def floor_column(floor: float) -> str:
    """Return the name of the column that says whether a waiting comment's score is as high."""
    return f"reaches_{floor * 100:.0f}"


def _required(name: str, type_: Any, *args: Any, **kwargs: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, *args, nullable=False, **kwargs)


sites = sa.Table(
    "sites",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _required("name", sa.Text, unique=True),
    _required("created_at", UtcDateTime),
    # Numbers this site's decisions without gaps, in commit order: the row lock taken by
    # counting it up is held until commit, so a poller never skips a decision that was
    # numbered early and committed late.
    _required("decision_seq", sa.BigInteger, server_default="0"),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _required("site_id", sa.ForeignKey("sites.id")),
    _required("digest", sa.String(64), unique=True),
    _required("hint", sa.String(8)),
    _required("note", sa.Text, server_default=""),
    _required("scopes", sa.JSON),
    _required("created_at", UtcDateTime),
    sa.Column("expires_at", UtcDateTime),
    sa.Column("revoked_at", UtcDateTime),
    # Written at most once in ten minutes, see KeyRing.
    sa.Column("last_used_at", UtcDateTime),
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _required("username", sa.Text, unique=True),
    _required("display_name", sa.Text),
    _required("password_hash", sa.Text),
    _required("role", sa.String(16)),
    _required("active", sa.Boolean, server_default=sa.true()),
    # Part of every session cookie; changing it ends all of the person's sessions.
    _required("session_stamp", sa.String(32)),
    _required("created_at", UtcDateTime),
    sa.Column("last_login_at", UtcDateTime),
)

login_attempts = sa.Table(
    "login_attempts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    # A keyed hash of an account's name or of an address.
    _required("key", sa.String(64)),
    _required("at", UtcDateTime),
    sa.Index("ix_login_attempts_key_at", "key", "at"),
)

comments = sa.Table(
    "comments",
    metadata,
    # Version 7 UUIDs: they sort by arrival and tell a site nothing about another's volume.
    sa.Column("id", sa.Uuid, primary_key=True),
    _required("site_id", sa.ForeignKey("sites.id")),
    _required("comment_id", sa.Text),
    _required("revision", sa.Integer),
    _required("content_digest", sa.String(64)),
    _required("text", sa.Text),
    _required("article_id", sa.Text),
    _required("article_url", sa.Text),
    _required("article_title", sa.Text),
    _required("article_section", sa.Text),
    _required("article_summary", sa.Text),
    _required("author_id", sa.Text),
    _required("author_name", sa.Text),
    _required("author_url", sa.Text),
    _required("author_agent", sa.Text),
    # E-mail and address are kept only as keyed hashes, the address also as a coarse network.
    _required("author_email_hash", sa.String(64)),
    _required("author_ip_hash", sa.String(64)),
    _required("author_network", sa.String(64)),
    _required("parent_comment_id", sa.Text),
    _required("parent_text", sa.Text),
    sa.Column("submitted_at", UtcDateTime),
    _required("received_at", UtcDateTime),
    _required("verdict", sa.String(8)),
    *(sa.Column(f"score_{label}", sa.Float) for label in LABELS),
    _required("reasons", sa.JSON),
    _required("read_as", sa.Text),
    _required("model_version", sa.Text),
    _required("policy_version", sa.Text),
    # When its text was erased; such a row is a tombstone and teaches no model.
    sa.Column("erased_at", UtcDateTime),
    # The site's own rules that matched.
    _required("rules", sa.JSON, server_default="[]"),
    # Whose history this belongs to: the site's user id, else the e-mail's hash, else nobody's.
    _required("author_key", sa.Text, server_default=""),
    # The verdict, or the decision once somebody made one.
    _required("standing", sa.String(8), server_default="review"),
    sa.Column("campaign_id", sa.Uuid),
    # Where spam is a reason and the model was sure of its kind.
    sa.Column("spam_kind", sa.String(16)),
    sa.UniqueConstraint("site_id", "comment_id", "revision"),
)

_known = comments.c.author_key != ""
sa.Index(
    "ix_comments_author_history",
    comments.c.site_id,
    comments.c.author_key,
    comments.c.standing,
    comments.c.received_at,
    sqlite_where=_known,
    postgresql_where=_known,
)
_copied = comments.c.campaign_id.is_not(None)
sa.Index(
    "ix_comments_campaign",
    comments.c.campaign_id,
    comments.c.received_at,
    comments.c.author_key,
    sqlite_where=_copied,
    postgresql_where=_copied,
)
sa.Index(
    "ix_comments_article",
    comments.c.site_id,
    comments.c.article_id,
    comments.c.received_at,
    comments.c.standing,
)
# Who wrote a comment before: by the site's word for the author, or by the hash of the e-mail.
sa.Index(
    "ix_comments_site_author",
    comments.c.site_id,
    comments.c.author_id,
    comments.c.id,
    sqlite_where=comments.c.author_id != "",
    postgresql_where=comments.c.author_id != "",
)
sa.Index(
    "ix_comments_site_email",
    comments.c.site_id,
    comments.c.author_email_hash,
    comments.c.id,
    sqlite_where=comments.c.author_email_hash != "",
    postgresql_where=comments.c.author_email_hash != "",
)

queue_items = sa.Table(
    "queue_items",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    _required("comment_pk", sa.ForeignKey("comments.id"), unique=True),
    _required("site_id", sa.ForeignKey("sites.id")),
    _required("section", sa.Text),
    _required("labels", sa.JSON),
    _required("priority", sa.Float),
    _required("opened_at", UtcDateTime),
    sa.Column("closed_at", UtcDateTime),
    # Counts up with every change of holder or state; a decision must name the one it saw.
    _required("version", sa.Integer, server_default="1"),
    sa.Column("holder", sa.Text),
    sa.Column("lease_until", UtcDateTime),
    # The same for texts that read alike; empty when a text is too short to tell.
    _required("likeness", sa.String(64), server_default=""),
    # Drawn at random from what the machine answered alone; the comment is not held back.
    _required("spot_check", sa.Boolean, server_default=sa.false()),
    *(_required(f"marked_{label}", sa.Boolean, server_default=sa.false()) for label in LABELS),
    # What a person can narrow the queue by, copied from the comment: no filter reads comments
    # one by one. Each floor says that some score is as high.
    sa.Column("spam_kind", sa.String(16)),
    *(_required(floor_column(floor), sa.Boolean, server_default=sa.false()) for floor in FLOORS),
    # Nothing but its language made it wait.
    _required("unknown_language", sa.Boolean, server_default=sa.false()),
)

_open = queue_items.c.closed_at.is_(None)
sa.Index(
    "ix_queue_items_open_by_priority",
    queue_items.c.priority.desc(),
    queue_items.c.id,
    sqlite_where=_open,
    postgresql_where=_open,
)
sa.Index(
    "ix_queue_items_site_open_by_priority",
    queue_items.c.site_id,
    queue_items.c.priority.desc(),
    queue_items.c.id,
    sqlite_where=_open,
    postgresql_where=_open,
)
sa.Index(
    "ix_queue_items_site_open_by_age",
    queue_items.c.site_id,
    queue_items.c.id,
    sqlite_where=_open,
    postgresql_where=_open,
)

sa.Index(
    "ix_queue_items_open_by_likeness",
    queue_items.c.site_id,
    queue_items.c.likeness,
    queue_items.c.id,
    sqlite_where=_open,
    postgresql_where=_open,
)
sa.Index(
    "ix_queue_items_spot_checks",
    queue_items.c.opened_at,
    # Just as the queries say it, or SQLite does not take the index.
    sqlite_where=sa.text("spot_check = 1"),
    postgresql_where=queue_items.c.spot_check,
)
sa.Index(
    "ix_queue_items_held",
    queue_items.c.holder,
    sqlite_where=_open,
    postgresql_where=_open,
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    _required("site_id", sa.ForeignKey("sites.id")),
    _required("seq", sa.BigInteger),
    _required("comment_pk", sa.ForeignKey("comments.id")),
    _required("decision", sa.String(8)),
    _required("labels", sa.JSON),
    _required("note", sa.Text),
    _required("decided_by", sa.Text),
    _required("source", sa.String(8)),
    _required("decided_at", UtcDateTime),
    # Sites hear of a decision from here on, unless it was undone before.
    _required("effective_at", UtcDateTime),
    sa.Column("undone_at", UtcDateTime),
    sa.UniqueConstraint("site_id", "seq"),
    sa.Index("ix_decisions_comment_pk_seq", "comment_pk", "seq"),
    sa.Index("ix_decisions_site_id_effective_at", "site_id", "effective_at"),
)

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    _required("at", UtcDateTime),
    _required("actor", sa.Text),
    _required("act", sa.String(32)),
    _required("subject", sa.Text),
    sa.Column("site_id", sa.ForeignKey("sites.id")),
    _required("detail", sa.JSON),
    # Each row names the one before it by its hash; ids are given without gaps.
    _required("previous_hash", sa.String(64)),
    _required("hash", sa.String(64)),
)

# One row: where the chain of the audit log ends. Locked while a row is added.
audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _required("length", sa.BigInteger),
    _required("hash", sa.String(64)),
)
