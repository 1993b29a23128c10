"""What a moderator should know around a comment: who wrote it, and what waits that is alike."""

from dataclasses import dataclass

import sqlalchemy as sa

from moderation.domain.decision import Decision, Ruling
from moderation.domain.verdict import Verdict
from moderation.services.records import Record, complete_items
from moderation.storage import authors, decisions, shift
from moderation.storage.authors import OtherComment
from moderation.storage.comments import StoredComment
from moderation.storage.queue import QueueItem

LOOKED_AT = 200
SHOWN = 5
ALIKE = 20


@dataclass(frozen=True, slots=True)
class Past:
    """Another comment of the same writer, and what a person decided on it, if anybody did."""

    comment: OtherComment
    ruling: Ruling | None


@dataclass(frozen=True, slots=True)
class History:
    """A writer's other comments on this site, the last ``LOOKED_AT`` of them.

    ``by_id`` says whether the site itself vouches for the writer; an e-mail can be anybody's.
    """

    count: int
    rejected: int
    by_id: bool
    last: tuple[Past, ...]

    @property
    def share_rejected(self) -> float:
        """Return which share was not published, by a person or the machine."""
        return self.rejected / self.count if self.count else 0.0


def find_history(tx: sa.Connection, comment: StoredComment) -> History | None:
    """Return the writer's history here, or ``None`` for a writer nobody can tell again."""
    if not (comment.author.id or comment.author.email_hash):
        return None
    others = authors.list_others(tx, comment, limit=LOOKED_AT)
    rulings = decisions.find_latest(tx, [one.id for one in others])
    past = [Past(one, rulings.get(one.id)) for one in others]
    decided_first = sorted(past, key=lambda one: one.ruling is None)
    return History(
        count=len(past),
        rejected=sum(map(_is_rejected, past)),
        by_id=bool(comment.author.id),
        last=tuple(decided_first[:SHOWN]),
    )


def find_alike(tx: sa.Connection, item: QueueItem) -> list[Record]:
    """Return other waiting comments that read alike, at most ``ALIKE``."""
    return complete_items(tx, shift.list_alike(tx, item, limit=ALIKE))


def _is_rejected(past: Past) -> bool:
    if past.ruling is not None:
        return past.ruling.decision is Decision.REJECT
    return past.comment.verdict is Verdict.REJECT
