"""What stands in the queue for a comment, when it begins to wait and when it waits again."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.queue import floor_of, likeness_of, rank
from moderation.domain.verdict import Assessment, Verdict
from moderation.storage import comments, queue
from moderation.storage.comments import StoredComment
from moderation.storage.identity import new_id
from moderation.storage.queue import QueueItem


def item_for(comment: StoredComment, *, now: datetime, spot_check: bool = False) -> QueueItem:
    """Return the item a comment begins to wait as."""
    assessment = comment.assessment
    return QueueItem(
        id=new_id(now),
        comment_pk=comment.id,
        site_id=comment.site_id,
        section=comment.article.section,
        labels=tuple(reason.label for reason in assessment.reasons),
        priority=rank(assessment.scores, now),
        opened_at=now,
        closed_at=None,
        version=1,
        holder=None,
        lease_until=None,
        likeness=likeness_of(assessment.read_as),
        spot_check=spot_check,
        spam_kind=assessment.spam_kind,
        floor=floor_of(assessment.scores),
        unknown_language=_waits_for_its_language(assessment),
    )


def _waits_for_its_language(assessment: Assessment) -> bool:
    """Say whether nothing else made a comment wait: no label, no failed score, no rule."""
    acted = any(not match.observed for match in assessment.rules)
    return (
        assessment.verdict is Verdict.REVIEW
        and bool(assessment.scores)
        and not (assessment.reasons or acted)
    )


def wait_again(
    tx: sa.Connection,
    comment_pk: UUID,
    *,
    now: datetime,
    holder: str | None = None,
    lease_until: datetime | None = None,
) -> QueueItem | None:
    """Let a comment wait for a person again, held by ``holder`` if one is given.

    ``None`` if it does not: it waits already, it was erased, its newer revision stands for it,
    or somebody else changed its item at the same moment.
    """
    comment = comments.find_all(tx, [comment_pk]).get(comment_pk)
    if comment is None or comment.erased_at is not None:
        return None
    if comments.has_newer(tx, comment.site_id, comment.comment_id, comment.revision):
        return None
    item = queue.find_by_comment(tx, comment_pk, for_update=True)
    if item is None:
        item = item_for(comment, now=now)
        queue.add(tx, item)
        return item
    if item.closed_at is None:
        return None
    return queue.change(
        tx,
        item,
        closed_at=None,
        holder=holder,
        lease_until=lease_until,
        version=item.version + 1,
    )
