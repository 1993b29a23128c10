"""Rows in and out, SQLAlchemy Core on SQLite and PostgreSQL.

Every function takes an open transaction first and commits nothing; the caller decides what
belongs together.
"""

from moderation.storage import desk_schema as desk_schema  # their tables are of the same metadata
from moderation.storage import retraining_schema as retraining_schema
from moderation.storage import shift_schema as shift_schema
