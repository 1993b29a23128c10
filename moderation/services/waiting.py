"""The waiting comments, a page at a time, for every screen that lists them."""

import re
import struct
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from moderation.errors import InvalidError
from moderation.services.records import Record, complete_items
from moderation.storage import queue
from moderation.storage.queue import Filter, Order, Position, QueueItem

CURSOR = "[0-9a-f]{48}"
"""What a cursor looks like: a place in the queue, whether or not something stands there."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some waiting comments in order; ``next_cursor`` is ``None`` on the last page."""

    records: list[Record]
    next_cursor: str | None


def list_page(
    tx: sa.Connection, which: Filter, *, order: Order, cursor: str | None, limit: int
) -> Page:
    """Return the page behind a cursor, or the first; raise ``InvalidError`` for a wrong cursor."""
    after = _read_cursor(cursor) if cursor else None
    items = queue.list_open(tx, which, order=order, after=after, limit=limit + 1)
    return Page(
        complete_items(tx, items[:limit]),
        write_cursor(items[limit - 1]) if len(items) > limit else None,
    )


def write_cursor(item: QueueItem) -> str:
    """Return what leads to the page behind an item, of the form ``CURSOR``."""
    return struct.pack(">d", item.priority).hex() + item.id.hex


def _read_cursor(cursor: str) -> Position:
    if re.fullmatch(CURSOR, cursor) is None:
        raise InvalidError("is not a cursor this service gave out", "/cursor")
    (priority,) = struct.unpack(">d", bytes.fromhex(cursor[:16]))
    return Position(priority, UUID(cursor[16:]))
