"""The waiting comments, a page at a time, for every screen that lists them."""

import base64
import binascii
import json
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from moderation.errors import InvalidError
from moderation.services.records import Record, complete_items
from moderation.storage import queue
from moderation.storage.queue import Filter, Order, Position, QueueItem


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
    """Return what leads to the page behind an item."""
    place = json.dumps([item.priority, item.id.hex]).encode()
    return base64.urlsafe_b64encode(place).decode().rstrip("=")


def _read_cursor(cursor: str) -> Position:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        priority, item_id = json.loads(base64.urlsafe_b64decode(padded))
        return Position(float(priority), UUID(item_id))
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError) as error:
        raise InvalidError("is not a cursor this service gave out", "/cursor") from error
