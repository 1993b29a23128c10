"""Rows in and out, SQLAlchemy Core on SQLite and PostgreSQL.

Every function takes an open transaction first and commits nothing; the caller decides what
belongs together.
"""

from moderation.storage import desk_schema  # noqa: F401 - its tables belong to the same metadata
