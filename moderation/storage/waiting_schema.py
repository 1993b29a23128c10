"""What finds waiting comments by their labels and sections, however many wait."""

import sqlalchemy as sa

from moderation.domain.verdict import LABELS, Label
from moderation.storage.schema import queue_items

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
