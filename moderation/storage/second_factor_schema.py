"""The tables of second factors: what a person's codes come from, and their recovery codes."""

import sqlalchemy as sa

from moderation.storage.schema import UtcDateTime, metadata

second_factors = sa.Table(
    "second_factors",
    metadata,
    sa.Column("user_id", sa.ForeignKey("users.id"), primary_key=True),
    # The secret is computed from this and the installation's own; it lies in no table.
    sa.Column("salt", sa.String(64), nullable=False),
    sa.Column("begun_at", UtcDateTime, nullable=False),
    # Empty until the person has shown that their device gives the right codes.
    sa.Column("confirmed_at", UtcDateTime),
    # The 30 seconds the last accepted code belonged to, counted from 1970: none is taken twice.
    sa.Column("last_step", sa.BigInteger, nullable=False, server_default="0"),
)

recovery_codes = sa.Table(
    "recovery_codes",
    metadata,
    sa.Column("user_id", sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
)
