"""What finds waiting comments by their labels, scores and sections, however many wait."""

import sqlalchemy as sa

from moderation.domain.queue import FLOORS
from moderation.domain.verdict import LABELS, Label
from moderation.storage.schema import floor_column, queue_items

_open = queue_items.c.closed_at.is_(None)

# JSON can be searched only by reading it; these say the same as ``labels``.
MARKS: dict[Label, sa.Column[bool]] = {label: queue_items.c[f"marked_{label}"] for label in LABELS}

for _label, _mark in MARKS.items():
    sa.Index(
        f"ix_queue_items_open_{_label}",
        # Always true, but only what is equal to something draws SQLite to this index.
        _mark,
        queue_items.c.priority.desc(),
        queue_items.c.id,
        sqlite_where=sa.and_(_open, _mark),
        postgresql_where=sa.and_(_open, _mark),
    )

# The scores a filter can ask for, and where waiting comments that reach them stand.
REACHES: dict[float, sa.Column[bool]] = {
    floor: queue_items.c[floor_column(floor)] for floor in FLOORS
}

for _flag in (*REACHES.values(), queue_items.c.unknown_language):
    sa.Index(
        f"ix_queue_items_open_{_flag.name}",
        _flag,
        queue_items.c.priority.desc(),
        queue_items.c.id,
        sqlite_where=sa.and_(_open, _flag),
        postgresql_where=sa.and_(_open, _flag),
    )

_named = sa.and_(_open, queue_items.c.spam_kind.is_not(None))
sa.Index(
    "ix_queue_items_open_spam_kind",
    queue_items.c.spam_kind,
    queue_items.c.priority.desc(),
    queue_items.c.id,
    sqlite_where=_named,
    postgresql_where=_named,
)

# Without it the longest waiting is looked for among all that ever waited.
sa.Index(
    "ix_queue_items_open_by_age",
    queue_items.c.id,
    sqlite_where=_open,
    postgresql_where=_open,
)
sa.Index(
    "ix_queue_items_open_by_section",
    queue_items.c.section,
    queue_items.c.priority.desc(),
    queue_items.c.id,
    sqlite_where=_open,
    postgresql_where=_open,
)
