"""What finds waiting comments by their labels, scores and sections, however many wait."""

from typing import Any

import sqlalchemy as sa

from moderation.domain.queue import FLOORS
from moderation.domain.verdict import LABELS, Label
from moderation.storage.schema import floor_column, queue_items

_open = queue_items.c.closed_at.is_(None)


def _index_open(name: str, column: sa.Column[Any], where: sa.ColumnElement[bool] = _open) -> None:
    """Let waiting comments be read by a column in the order of their priority."""
    sa.Index(
        f"ix_queue_items_open_{name}",
        column,
        queue_items.c.priority.desc(),
        queue_items.c.id,
        sqlite_where=where,
        postgresql_where=where,
    )


# JSON can be searched only by reading it; these say the same as ``labels``.
MARKS: dict[Label, sa.Column[bool]] = {label: queue_items.c[f"marked_{label}"] for label in LABELS}
# The scores a filter can ask for, and where waiting comments that reach them stand.
REACHES: dict[float, sa.Column[bool]] = {
    floor: queue_items.c[floor_column(floor)] for floor in FLOORS
}

# Such a column is true in all of its index, but only what is equal to something draws SQLite to it.
for _label, _mark in MARKS.items():
    _index_open(_label, _mark, sa.and_(_open, _mark))
for _flag in (*REACHES.values(), queue_items.c.unknown_language):
    _index_open(_flag.name, _flag, sa.and_(_open, _flag))
_kind = queue_items.c.spam_kind
_index_open("spam_kind", _kind, sa.and_(_open, _kind.is_not(None)))
_index_open("by_section", queue_items.c.section)
# Without it the longest waiting is looked for among all that ever waited.
sa.Index(
    "ix_queue_items_open_by_age",
    queue_items.c.id,
    sqlite_where=_open,
    postgresql_where=_open,
)
