"""A comment together with everything that has happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.decision import Ruling
from moderation.errors import NotFoundError
from moderation.storage import comments, decisions, queue
from moderation.storage.comments import StoredComment
from moderation.storage.queue import QueueItem


@dataclass(frozen=True, slots=True)
class Record:
    """A comment, its place in the queue if it has or had one, and what was decided last."""

    comment: StoredComment
    item: QueueItem | None = None
    ruling: Ruling | None = None


def find_record(tx: sa.Connection, site_id: int, pk: UUID) -> Record:
    """Return a site's comment by our id; raise ``NotFoundError`` if the site has none."""
    comment = comments.find(tx, site_id, pk)
    if comment is None:
        raise NotFoundError(f"no comment has the id {pk}")
    return complete(tx, comment)


def find_record_by_comment_id(tx: sa.Connection, site_id: int, comment_id: str) -> Record:
    """Return the newest revision of a comment by the site's own id for it."""
    comment = comments.find_latest(tx, site_id, comment_id)
    if comment is None:
        raise NotFoundError(f"no comment has the comment_id {comment_id!r}")
    return complete(tx, comment)


def complete(tx: sa.Connection, comment: StoredComment) -> Record:
    """Return the record of a comment already read."""
    return Record(
        comment,
        queue.find_by_comment(tx, comment.id),
        decisions.find_latest(tx, [comment.id]).get(comment.id),
    )


def complete_items(tx: sa.Connection, items: Sequence[QueueItem]) -> list[Record]:
    """Return the records of queue items already read, in their order."""
    found = comments.find_all(tx, [item.comment_pk for item in items])
    rulings = decisions.find_latest(tx, found)
    return [Record(found[item.comment_pk], item, rulings.get(item.comment_pk)) for item in items]
