"""What people said of the automatic verdicts that were drawn at random."""

import sqlalchemy as sa

from moderation.domain.decision import Decision
from moderation.domain.overview import Period
from moderation.domain.reach import Reach
from moderation.domain.verdict import Verdict
from moderation.storage.reach import within
from moderation.storage.schema import comments, decisions, queue_items


def count(
    tx: sa.Connection, period: Period, reach: Reach, *, site_id: int | None
) -> dict[tuple[Verdict, Decision | None], int]:
    """Count what was drawn within a period, by verdict and by the last decision on it.

    What left the queue without a decision, as an edited comment does, is not among it.
    """
    last = (
        sa.select(decisions.c.decision)
        .where(decisions.c.comment_pk == comments.c.id, decisions.c.undone_at.is_(None))
        .order_by(decisions.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    drawn = (
        sa.select(
            comments.c.verdict,
            last.label("decision"),
            queue_items.c.closed_at.is_(None).label("waits"),
        )
        .join(queue_items, queue_items.c.comment_pk == comments.c.id)
        .where(
            queue_items.c.spot_check,
            queue_items.c.opened_at >= period.start,
            queue_items.c.opened_at < period.end,
            *([] if site_id is None else [queue_items.c.site_id == site_id]),
            *within(reach, queue_items.c.site_id, queue_items.c.section),
        )
        .subquery()
    )
    rows = tx.execute(
        sa.select(drawn.c.verdict, drawn.c.decision, sa.func.count().label("number"))
        .where(sa.or_(drawn.c.waits, drawn.c.decision.is_not(None)))
        .group_by(drawn.c.verdict, drawn.c.decision)
    )
    return {
        (Verdict(row.verdict), None if row.decision is None else Decision(row.decision)): row.number
        for row in rows
    }
