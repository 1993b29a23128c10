"""The waiting comments by one label's score."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.reach import Reach
from moderation.domain.verdict import Label
from moderation.storage.reach import within
from moderation.storage.schema import comments, queue_items


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a label's scores, both ends included, within a site or a person's reach.

    Only scores of one model stand on one scale.
    """

    label: Label
    low: float
    high: float
    model_version: str
    reach: Reach
    site_id: int | None = None


@dataclass(frozen=True, slots=True)
class Dot:
    """A waiting comment on the strip: whether it is marked for its label, and for which others."""

    item_id: UUID
    version: int
    comment_pk: UUID
    site_id: int
    score: float
    marked: bool
    others: tuple[Label, ...]


def list_dots(
    tx: sa.Connection,
    stretch: Stretch,
    *,
    moderator: str,
    now: datetime,
    limit: int,
    for_update: bool = False,
) -> list[Dot]:
    """Return the comments of a stretch that nobody else holds, by score.

    A comment whose scores mean nothing, or that has none, is never among them.
    """
    score = comments.c[f"score_{stretch.label}"]
    statement = (
        sa.select(
            queue_items.c.id,
            queue_items.c.version,
            queue_items.c.comment_pk,
            queue_items.c.site_id,
            queue_items.c.labels,
            score.label("score"),
        )
        .join(comments, comments.c.id == queue_items.c.comment_pk)
        .where(
            *_where(stretch),
            score.between(stretch.low, stretch.high),
            sa.or_(
                queue_items.c.lease_until.is_(None),
                queue_items.c.lease_until <= now,
                queue_items.c.holder == moderator,
            ),
        )
        .order_by(score, queue_items.c.id)
        .limit(limit)
    )
    if for_update:
        statement = statement.with_for_update(of=queue_items)
    return [_dot_from(row, stretch.label) for row in tx.execute(statement)]


def _where(stretch: Stretch) -> list[Any]:
    where: list[Any] = [
        queue_items.c.closed_at.is_(None),
        # One by one, or they would tell nothing of what a person thinks of each.
        queue_items.c.spot_check.is_(sa.false()),
        sa.cast(queue_items.c.labels, sa.Text) != "[]",
        comments.c.model_version == stretch.model_version,
        *within(stretch.reach, queue_items.c.site_id, queue_items.c.section),
    ]
    if stretch.site_id is not None:
        where.append(queue_items.c.site_id == stretch.site_id)
    return where


def _dot_from(row: Any, label: Label) -> Dot:
    return Dot(
        item_id=row.id,
        version=row.version,
        comment_pk=row.comment_pk,
        site_id=row.site_id,
        score=row.score,
        marked=label.value in row.labels,
        others=tuple(Label(name) for name in row.labels if name != label.value),
    )
