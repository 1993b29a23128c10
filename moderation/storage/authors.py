"""Comments by who wrote them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.verdict import Verdict
from moderation.storage.comments import StoredComment
from moderation.storage.schema import comments

_NOBODY: sa.ColumnElement[str] = sa.literal_column("''")


@dataclass(frozen=True, slots=True)
class OtherComment:
    """What a list of somebody's comments shows of each."""

    id: UUID
    text: str
    received_at: datetime
    verdict: Verdict


def list_others(tx: sa.Connection, comment: StoredComment, *, limit: int) -> list[OtherComment]:
    """Return the writer's other comments on the same site, the newest first.

    The same writer is the same id of the site, or where the site gave none, the same e-mail.
    """
    author = comment.author
    same = (
        comments.c.author_id == author.id
        if author.id
        else comments.c.author_email_hash == author.email_hash
    )
    # Written out, not bound: only so does SQLite see that the partial indexes hold these rows.
    known = (comments.c.author_id if author.id else comments.c.author_email_hash) != _NOBODY
    statement = (
        sa.select(comments.c.id, comments.c.text, comments.c.received_at, comments.c.verdict)
        .where(
            comments.c.site_id == comment.site_id,
            same,
            known,
            comments.c.comment_id != comment.comment_id,
        )
        .order_by(comments.c.id.desc())
        .limit(limit)
    )
    return [
        OtherComment(row.id, row.text, row.received_at, Verdict(row.verdict))
        for row in tx.execute(statement)
    ]
