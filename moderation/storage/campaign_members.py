"""What the members of campaigns look like: when they came, how they are written, and where."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from moderation.storage.activity import hour_of, to_hour
from moderation.storage.schema import comments

MOST_VARIANTS = 5
MOST_ARTICLES = 5


@dataclass(frozen=True, slots=True)
class Counted:
    """A variant or an article, and how many members have it."""

    name: str
    members: int


@dataclass(slots=True)
class Portrait:
    """One campaign's members within a window; variants and articles the most frequent first."""

    last_seen: datetime
    by_hour: dict[datetime, int] = field(default_factory=dict)
    variants: list[Counted] = field(default_factory=list)
    articles: list[Counted] = field(default_factory=list)


def portray(
    tx: sa.Connection, campaign_ids: Sequence[UUID], *, since: datetime
) -> dict[UUID, Portrait]:
    """Return a portrait of each campaign that has members in the window."""
    within = [
        comments.c.campaign_id.in_(campaign_ids),
        comments.c.campaign_id.is_not(None),
        comments.c.received_at >= since,
    ]
    last = tx.execute(
        sa.select(comments.c.campaign_id, sa.func.max(comments.c.received_at).label("last"))
        .where(*within)
        .group_by(comments.c.campaign_id)
    )
    portraits = {row.campaign_id: Portrait(row.last) for row in last}
    for campaign_id, hour, count in _count_hours(tx, within):
        portraits[campaign_id].by_hour[hour] = count
    titles = sa.case(
        (comments.c.article_title != "", comments.c.article_title), else_=comments.c.article_id
    )
    for campaign_id, name, count in _most_frequent(tx, within, comments.c.read_as, MOST_VARIANTS):
        portraits[campaign_id].variants.append(Counted(name, count))
    for campaign_id, name, count in _most_frequent(tx, within, titles, MOST_ARTICLES):
        portraits[campaign_id].articles.append(Counted(name, count))
    return portraits


def _count_hours(
    tx: sa.Connection, within: list[sa.ColumnElement[bool]]
) -> list[tuple[UUID, datetime, int]]:
    hour = hour_of(tx, comments.c.received_at).label("hour")
    rows = tx.execute(
        sa.select(comments.c.campaign_id, hour, sa.func.count())
        .where(*within)
        .group_by(comments.c.campaign_id, hour)
    )
    return [(campaign_id, to_hour(found), count) for campaign_id, found, count in rows]


def _most_frequent(
    tx: sa.Connection, within: list[sa.ColumnElement[bool]], name: Any, most: int
) -> list[tuple[UUID, str, int]]:
    """Return the names most members of each campaign have, at most so many a campaign."""
    named = name.label("name")
    count = sa.func.count().label("members")
    place = (
        sa.func.row_number()
        .over(partition_by=comments.c.campaign_id, order_by=[sa.desc(count), named])
        .label("place")
    )
    ranked = (
        sa.select(comments.c.campaign_id, named, count, place)
        .where(*within, name != "")
        .group_by(comments.c.campaign_id, named)
        .subquery()
    )
    rows = tx.execute(
        sa.select(ranked.c.campaign_id, ranked.c.name, ranked.c.members)
        .where(ranked.c.place <= most)
        .order_by(ranked.c.campaign_id, ranked.c.place)
    )
    return [(row.campaign_id, row.name, row.members) for row in rows]
