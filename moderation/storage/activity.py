"""What came in and what was decided within a period, read through the indexes by time."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from moderation.domain.activity import Hourly
from moderation.domain.decision import Decision
from moderation.domain.overview import Decided, Period
from moderation.domain.reach import Reach
from moderation.domain.verdict import Label
from moderation.storage.reach import within
from moderation.storage.schema import comments, decisions, queue_items


def count_arrivals(
    tx: sa.Connection, period: Period, reach: Reach, *, site_id: int | None
) -> Hourly:
    """Return how many comments came in, by hour and verdict."""
    where = [
        *_between(comments.c.received_at, period),
        *_at(comments.c.site_id, site_id),
        *within(reach, comments.c.site_id, comments.c.article_section),
    ]
    hour = hour_of(tx, comments.c.received_at)
    statement = (
        sa.select(hour.label("hour"), comments.c.verdict, sa.func.count().label("number"))
        .where(*where)
        .group_by(hour, comments.c.verdict)
    )
    counts: Hourly = {}
    for row in tx.execute(statement):
        counts.setdefault(to_hour(row.hour), {})[row.verdict] = row.number
    return counts


def count_arrivals_by_place(tx: sa.Connection, period: Period) -> dict[tuple[int, str], Hourly]:
    """Return how many comments came in, by site and section, hour and verdict."""
    hour = hour_of(tx, comments.c.received_at)
    place = comments.c.site_id, comments.c.article_section
    statement = (
        sa.select(*place, hour.label("hour"), comments.c.verdict, sa.func.count().label("number"))
        .where(*_between(comments.c.received_at, period))
        .group_by(*place, hour, comments.c.verdict)
    )
    counts: defaultdict[tuple[int, str], Hourly] = defaultdict(dict)
    for row in tx.execute(statement):
        hours = counts[row.site_id, row.article_section]
        hours.setdefault(to_hour(row.hour), {})[row.verdict] = row.number
    return counts


def find_first(tx: sa.Connection) -> datetime | None:
    """Return when the first comment came in."""
    first: datetime | None = tx.execute(
        sa.select(comments.c.received_at).order_by(comments.c.received_at).limit(1)
    ).scalar_one_or_none()
    return first


def list_decided(
    tx: sa.Connection, period: Period, reach: Reach, *, site_id: int | None
) -> list[Decided]:
    """Return the decisions of a period in order, each with the one before it on its comment."""
    # Each look aside is one for every decision of the period; most need none at the comment.
    source = decisions if reach.everywhere else decisions.join(comments)
    where = [
        *_at(decisions.c.site_id, site_id),
        *within(reach, comments.c.site_id, comments.c.article_section),
    ]
    statement = _select_decided(source, period).where(*where)
    return [_decided_from(row) for row in tx.execute(statement)]


def list_decided_by_place(
    tx: sa.Connection, period: Period
) -> Iterator[tuple[tuple[int, str], Decided]]:
    """Yield the same for every site and section, with the place."""
    statement = _select_decided(decisions.join(comments), period).add_columns(
        comments.c.site_id, comments.c.article_section
    )
    for row in tx.execute(statement):
        yield (row.site_id, row.article_section), _decided_from(row)


def _select_decided(source: Any, period: Period) -> Any:
    earlier = decisions.alias("earlier")

    def previous(column: Any) -> Any:
        return (
            sa.select(column)
            .where(
                earlier.c.comment_pk == decisions.c.comment_pk,
                earlier.c.seq < decisions.c.seq,
                earlier.c.undone_at.is_(None),
            )
            .order_by(earlier.c.seq.desc())
            .limit(1)
            .scalar_subquery()
        )

    return (
        sa.select(
            decisions.c.decided_by,
            decisions.c.decision,
            decisions.c.decided_at,
            queue_items.c.opened_at,
            queue_items.c.labels,
            previous(earlier.c.decision).label("previous"),
            previous(earlier.c.decided_by).label("previous_by"),
        )
        .select_from(source)
        .join(queue_items, queue_items.c.comment_pk == decisions.c.comment_pk, isouter=True)
        .where(*_between(decisions.c.decided_at, period), decisions.c.undone_at.is_(None))
        .order_by(decisions.c.decided_at)
    )


def find_waiting(
    tx: sa.Connection, reach: Reach, *, site_id: int | None
) -> tuple[int, datetime | None]:
    """Return how many comments wait now, and since when the longest waiting does."""
    where = [
        queue_items.c.closed_at.is_(None),
        *_at(queue_items.c.site_id, site_id),
        *within(reach, queue_items.c.site_id, queue_items.c.section),
    ]
    # Apart, each is answered by an index alone; together they would read every waiting row.
    counted = tx.execute(sa.select(sa.func.count()).select_from(queue_items).where(*where))
    oldest = tx.execute(
        sa.select(queue_items.c.opened_at).where(*where).order_by(queue_items.c.id).limit(1)
    )
    return counted.scalar_one(), oldest.scalar_one_or_none()


def hour_of(tx: sa.Connection, moment: Any) -> Any:
    """Return the UTC hour of a time, by what is quickest; both begin “2026-11-23 09”."""
    if tx.dialect.name == "sqlite":
        return sa.func.substr(sa.type_coerce(moment, sa.Text), 1, 13)
    return sa.func.date_trunc("hour", sa.func.timezone("UTC", moment))


def to_hour(found: Any) -> datetime:
    """Return the hour that ``hour_of`` found."""
    return datetime.fromisoformat(f"{str(found)[:13]}:00").replace(tzinfo=UTC)


def _between(moment: Any, period: Period) -> list[Any]:
    return [moment >= period.start, moment < period.end]


def _at(column: Any, site_id: int | None) -> list[Any]:
    return [] if site_id is None else [column == site_id]


def _decided_from(row: Any) -> Decided:
    return Decided(
        decided_by=row.decided_by,
        decision=Decision(row.decision),
        decided_at=row.decided_at,
        opened_at=row.opened_at,
        labels=tuple(Label(name) for name in row.labels or ()),
        previous=None if row.previous is None else Decision(row.previous),
        previous_by=row.previous_by,
    )
