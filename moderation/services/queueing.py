"""What stands in the queue for a comment."""

from datetime import datetime

from moderation.domain.queue import floor_of, likeness_of, rank
from moderation.domain.verdict import Assessment, Verdict
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
