"""Find what was changed in the audit log after it was written."""

from collections.abc import Iterator

import sqlalchemy as sa

from moderation.storage import audit
from moderation.storage.audit import FIRST_PREVIOUS


def find_tampering(tx: sa.Connection) -> Iterator[str]:
    """Yield one sentence for everything wrong with the chain, in the order of the log.

    Whoever can write to the database can also write a whole new chain; only a head kept
    elsewhere (``audit.read_head``) shows that.
    """
    expected_id, previous = 1, FIRST_PREVIOUS
    for entry in audit.list_entries(tx):
        if entry.id > expected_id:
            yield _missing(expected_id, entry.id - 1)
        elif entry.previous_hash != previous:
            yield f"row {entry.id} does not follow the row before it: one of them was moved"
        if entry.expected_hash() != entry.hash:
            yield f"row {entry.id} was edited"
        expected_id, previous = entry.id + 1, entry.hash
    head = audit.read_head(tx)
    if head.length >= expected_id:
        yield _missing(expected_id, head.length)
    elif head.length < expected_id - 1:
        yield f"row {head.length + 1} and what follows were added without the chain"
    elif head.hash != previous:
        yield f"row {head.length} is not the last one written: it was edited or replaced"


def _missing(first: int, last: int) -> str:
    return f"row {first} was removed" if first == last else f"rows {first} to {last} were removed"
