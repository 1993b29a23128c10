"""The tables of the newsroom's rules, campaigns and complaints; see :mod:`.schema`."""

import sqlalchemy as sa

from moderation.storage.schema import UtcDateTime, _required, metadata

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")

# Counts up with every change of a site's rules, so that a process knows by one small read
# whether what it has compiled is still true.
rule_stamps = sa.Table(
    "rule_stamps",
    metadata,
    sa.Column("site_id", sa.ForeignKey("sites.id"), primary_key=True),
    _required("stamp", sa.Integer),
)

# Sites of one owner share their campaigns; a site without an owner keeps them to itself.
site_owners = sa.Table(
    "site_owners",
    metadata,
    sa.Column("site_id", sa.ForeignKey("sites.id"), primary_key=True),
    _required("owner", sa.Text),
)

rules = sa.Table(
    "rules",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _required("site_id", sa.ForeignKey("sites.id")),
    _required("name", sa.Text),
    _required("kind", sa.String(16)),
    _required("effect", sa.String(8)),
    _required("mode", sa.String(8)),
    _required("version", sa.Integer),
    _required("parameters", sa.JSON),
    _required("changed_by", sa.Text),
    _required("changed_at", UtcDateTime),
    sa.UniqueConstraint("site_id", "name"),
)

rule_versions = sa.Table(
    "rule_versions",
    metadata,
    sa.Column("rule_id", sa.ForeignKey("rules.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    _required("effect", sa.String(8)),
    _required("mode", sa.String(8)),
    _required("parameters", sa.JSON),
    _required("changed_by", sa.Text),
    _required("changed_at", UtcDateTime),
    _required("change", sa.Text),
)

# An entry belongs to the versions from ``added_in`` on, up to but without ``removed_in``.
rule_entries = sa.Table(
    "rule_entries",
    metadata,
    sa.Column("id", _NUMBER, primary_key=True),
    _required("rule_id", sa.ForeignKey("rules.id")),
    _required("written", sa.Text),
    _required("read_as", sa.Text),
    _required("added_in", sa.Integer),
    sa.Column("removed_in", sa.Integer),
    sa.Index("ix_rule_entries_rule_id_removed_in", "rule_id", "removed_in"),
)

rule_hits = sa.Table(
    "rule_hits",
    metadata,
    sa.Column("id", _NUMBER, primary_key=True),
    _required("rule_id", sa.ForeignKey("rules.id")),
    _required("version", sa.Integer),
    # No foreign keys to comments here and below: what was counted or complained about outlives
    # a comment that is erased.
    _required("comment_pk", sa.Uuid),
    _required("at", UtcDateTime),
    _required("observed", sa.Boolean),
    # What the comment got, and what it would have got had the rule stood the other way round.
    _required("verdict", sa.String(8)),
    _required("otherwise", sa.String(8)),
    sa.Index("ix_rule_hits_rule_id_version", "rule_id", "version"),
)

campaigns = sa.Table(
    "campaigns",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    _required("scope", sa.Text),
    _required("sketch", sa.LargeBinary),
    _required("first_seen", UtcDateTime),
    # Moved forward at most once an hour: a flood must not queue up at one row.
    _required("last_seen", UtcDateTime),
    sa.Column("decision", sa.String(8)),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_at", UtcDateTime),
    sa.Column("expires_at", UtcDateTime),
    # Nearly every text stays alone; only copied ones are ever listed.
    _required("copied", sa.Boolean),
)
sa.Index("ix_campaigns_last_seen", campaigns.c.last_seen)
_shown = campaigns.c.copied
sa.Index(
    "ix_campaigns_copied",
    campaigns.c.scope,
    campaigns.c.last_seen,
    # As SQLite is asked for it: it takes an index only for the very words of its condition.
    sqlite_where=sa.text("copied = 1"),
    postgresql_where=_shown,
)

campaign_keys = sa.Table(
    "campaign_keys",
    metadata,
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("key", sa.BigInteger, primary_key=True),
    # Its index is for dropping a campaign, which looks for its keys.
    sa.Column("campaign_id", sa.ForeignKey("campaigns.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

# What remains to be done to the members of a campaign that was decided or taken back; a row goes
# with the last portion.
campaign_work = sa.Table(
    "campaign_work",
    metadata,
    sa.Column("campaign_id", sa.ForeignKey("campaigns.id"), primary_key=True),
    _required("site_id", sa.ForeignKey("sites.id")),
    # What is given to the members, or taken back from them.
    _required("decision", sa.String(8)),
    _required("taken_back", sa.Boolean),
    _required("labels", sa.JSON),
    _required("source", sa.String(8)),
    _required("begun_by", sa.Text),
    _required("begun_at", UtcDateTime),
    # Only members that came from here on were decided by the machine for the campaign's sake.
    _required("since", UtcDateTime),
    # The last member that was looked at.
    sa.Column("after_at", UtcDateTime),
    sa.Column("after_id", sa.Uuid),
    _required("done", sa.Integer),
)

hot_articles = sa.Table(
    "hot_articles",
    metadata,
    sa.Column("site_id", sa.ForeignKey("sites.id"), primary_key=True),
    sa.Column("article_id", sa.Text, primary_key=True),
    _required("since", UtcDateTime),
    _required("until", UtcDateTime),
    _required("comments", sa.Integer),
    _required("rejected", sa.Integer),
    # Until when a person wants no surge of it to count, and who that is.
    sa.Column("calmed_until", UtcDateTime),
    sa.Column("calmed_by", sa.Text),
)

complaints = sa.Table(
    "complaints",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    _required("site_id", sa.ForeignKey("sites.id")),
    _required("ticket", sa.String(24), unique=True),
    _required("kind", sa.String(16)),
    _required("urgent", sa.Boolean),
    sa.Column("comment_pk", sa.Uuid),
    _required("url", sa.Text),
    _required("complainant", sa.Text),
    _required("text", sa.Text),
    _required("received_at", UtcDateTime),
    _required("due_at", UtcDateTime),
    # Who looks after it.
    sa.Column("owner", sa.Text),
    # The comment as it was then, and the hash of that, which also stands in the audit log.
    sa.Column("evidence", sa.JSON(none_as_null=True)),
    _required("evidence_hash", sa.String(64), server_default=""),
    # Who decided first, and so may not decide an appeal.
    sa.Column("barred", sa.Text),
    sa.Column("resolved_at", UtcDateTime),
    sa.Column("resolved_by", sa.Text),
    sa.Column("resolution", sa.String(16)),
    _required("note", sa.Text),
)
_unresolved = complaints.c.resolved_at.is_(None)
sa.Index(
    "ix_complaints_open_due_at",
    complaints.c.due_at,
    sqlite_where=_unresolved,
    postgresql_where=_unresolved,
)
sa.Index("ix_complaints_site_id_received_at", complaints.c.site_id, complaints.c.received_at)
