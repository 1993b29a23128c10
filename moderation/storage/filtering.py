"""Which part of the waiting comments is meant."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.queue import FLOORS
from moderation.domain.reach import EVERYWHERE, Reach
from moderation.domain.verdict import LABELS, Label, SpamKind
from moderation.storage.reach import within
from moderation.storage.schema import comments, queue_items
from moderation.storage.shift_schema import queue_skips
from moderation.storage.waiting_schema import MARKS, REACHES


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
    spam_kind: SpamKind | None = None
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
    if which.spam_kind is not None:
        where.append(queue_items.c.spam_kind == which.spam_kind.value)
    if which.score is not None:
        where += _scores_at_least(which.score, which.label)
    if which.among is not None:
        where.append(queue_items.c.comment_pk.in_(which.among))
    if which.known_language is not None:
        unknown = queue_items.c.unknown_language
        where.append(~unknown if which.known_language else unknown)
    return where + within(which.reach, queue_items.c.site_id, queue_items.c.section)


def not_skipped_by(moderator: str) -> sa.ColumnElement[bool]:
    """Return the condition that a moderator has not skipped a queue item."""
    return ~sa.exists().where(
        queue_skips.c.item_id == queue_items.c.id, queue_skips.c.moderator == moderator
    )


def _scores_at_least(score: float, label: Label | None) -> list[sa.ColumnElement[bool]]:
    """Narrow by the index of the floor below a score, and look at comments for what is left."""
    floor = max((floor for floor in FLOORS if floor <= score), default=0.0)
    where: list[sa.ColumnElement[bool]] = [REACHES[floor]] if floor else []
    if label is None and floor == score:
        return where
    wanted = LABELS if label is None else (label,)
    as_high = sa.or_(*(comments.c[f"score_{name}"] >= score for name in wanted))
    return [*where, sa.exists().where(comments.c.id == queue_items.c.comment_pk, as_high)]
