"""Which part of the waiting comments is meant."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.reach import EVERYWHERE, Reach
from moderation.domain.verdict import LABELS, Label
from moderation.storage.reach import within
from moderation.storage.schema import comments, queue_items
from moderation.storage.shift_schema import queue_skips
from moderation.storage.waiting_schema import MARKS


@dataclass(frozen=True, slots=True)
class Filter:
    """Which part of the queue is meant; an absent field narrows nothing.

    ``score`` is the least score of ``label``, or of any label; ``among`` are comments found by
    their words, looked up once for all that is asked of the queue.
    """

    site_id: int | None = None
    section: str | None = None
    label: Label | None = None
    opened_before: datetime | None = None
    score: float | None = None
    among: tuple[UUID, ...] | None = None
    known_language: bool | None = None
    reach: Reach = EVERYWHERE


def conditions(which: Filter) -> list[sa.ColumnElement[bool]]:
    """Return what a row of ``queue_items`` must meet, ``closed_at`` among it."""
    where: list[sa.ColumnElement[bool]] = [queue_items.c.closed_at.is_(None)]
    if which.site_id is not None:
        where.append(queue_items.c.site_id == which.site_id)
    if which.section is not None:
        where.append(queue_items.c.section == which.section)
    if which.label is not None:
        where.append(MARKS[which.label])
    if which.opened_before is not None:
        where.append(queue_items.c.opened_at <= which.opened_before)
    if which.score is not None:
        where.append(_comment_meets(_scores_at_least(which.score, which.label)))
    if which.among is not None:
        where.append(queue_items.c.comment_pk.in_(which.among))
    if which.known_language is not None:
        waits_for_language = sa.and_(
            *(~mark for mark in MARKS.values()), _comment_meets(_only_language())
        )
        where.append(~waits_for_language if which.known_language else waits_for_language)
    return where + within(which.reach, queue_items.c.site_id, queue_items.c.section)


def not_skipped_by(moderator: str) -> sa.ColumnElement[bool]:
    """Return the condition that a moderator has not skipped a queue item."""
    return ~sa.exists().where(
        queue_skips.c.item_id == queue_items.c.id, queue_skips.c.moderator == moderator
    )


def _comment_meets(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Look at the comments of waiting items only, so the queue's length bounds the work."""
    return sa.exists().where(comments.c.id == queue_items.c.comment_pk, condition)


def _only_language() -> sa.ColumnElement[bool]:
    """Say whether nothing but its language made a comment wait: no failed score, no rule."""
    acted = sa.cast(comments.c.rules, sa.Text).contains('"observed": false', autoescape=True)
    return sa.and_(comments.c[f"score_{LABELS[0]}"].is_not(None), ~acted)


def _scores_at_least(score: float, label: Label | None) -> sa.ColumnElement[bool]:
    wanted = LABELS if label is None else (label,)
    return sa.or_(*(comments.c[f"score_{name}"] >= score for name in wanted))
