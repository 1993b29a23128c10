"""The sums of days that are over, a row for each of their places and one for each site."""

import secrets
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from moderation.domain.activity import Activity
from moderation.domain.days import day_of, midnight, period_of
from moderation.domain.reach import Reach
from moderation.storage.overview_schema import day_figures, settled_days
from moderation.storage.reach import within

Place = tuple[int, str]
"""A site's id, and a section of it."""

SETTLED_AFTER = timedelta(hours=1)
"""What is stored late is stored within this time after its day."""


def is_over(day: date, now: datetime) -> bool:
    """Say whether nothing more can be stored for a day."""
    return period_of(day).end + SETTLED_AFTER <= now


def list_settled(tx: sa.Connection, first: date, last: date) -> set[date]:
    """Return the days whose sums are complete."""
    statement = sa.select(settled_days.c.day).where(
        settled_days.c.complete, settled_days.c.day.between(first, last)
    )
    return set(tx.execute(statement).scalars())


def read(
    tx: sa.Connection, first: date, last: date, reach: Reach, *, site_id: int | None
) -> Iterator[tuple[date, Activity]]:
    """Yield sums that cover every place within reach once, day by day; complete or not."""
    statement = (
        sa.select(day_figures.c.day, day_figures.c.figures)
        .where(
            day_figures.c.day.between(first, last),
            *([] if site_id is None else [day_figures.c.site_id == site_id]),
            _within(reach),
        )
        .order_by(day_figures.c.day)
    )
    for row in tx.execute(statement):
        yield row.day, Activity.from_figures(row.figures, midnight(row.day))


def begin(tx: sa.Connection, day: date) -> str:
    """Announce that a day is being counted; return what :func:`finish` must show."""
    _drop(tx, settled_days.c.day == day, day_figures.c.day == day)
    token = secrets.token_hex(16)
    tx.execute(sa.insert(settled_days), {"day": day, "token": token})
    return token


def finish(tx: sa.Connection, day: date, token: str, sums: Mapping[Place, Activity]) -> bool:
    """Write a day's sums down; false if something changed the day since it was announced."""
    own = sa.and_(settled_days.c.day == day, settled_days.c.token == token)
    if tx.execute(sa.update(settled_days).where(own).values(complete=True)).rowcount != 1:
        return False
    begins = midnight(day)
    rows = [
        {
            "day": day,
            "site_id": site_id,
            "section": section,
            "whole": whole,
            "figures": one.to_figures(begins),
        }
        for whole, some in ((False, sums), (True, _by_site(sums)))
        for (site_id, section), one in some.items()
    ]
    if rows:
        tx.execute(sa.insert(day_figures), rows)
    return True


def forget_since(tx: sa.Connection, moment: datetime, *, now: datetime) -> None:
    """Have every day counted again from that of a moment on, if any of them is over.

    What is decided later may build on what changed, so the later days go as well.
    """
    day = day_of(moment)
    # Even before it can be settled, for clocks may differ.
    if period_of(day).end <= now:
        _drop(tx, settled_days.c.day >= day, day_figures.c.day >= day)


def _by_site(sums: Mapping[Place, Activity]) -> Mapping[Place, Activity]:
    totals: dict[Place, Activity] = {}
    for (site_id, _), one in sums.items():
        totals.setdefault((site_id, ""), Activity()).add(one)
    return totals


def _within(reach: Reach) -> sa.ColumnElement[bool]:
    """Take whole sites where they lie within reach, and sections of no others."""
    whole = day_figures.c.whole
    if reach.everywhere:
        return whole
    sites = sorted({site_id for site_id, section in reach.places if not section})
    in_sites = day_figures.c.site_id.in_(sites)
    parts = within(reach, day_figures.c.site_id, day_figures.c.section)
    return sa.or_(sa.and_(whole, in_sites), sa.and_(~whole, ~in_sites, *parts))


def _drop(tx: sa.Connection, settled: Any, figures: Any) -> None:
    # The announcement first: who counts one of these days waits for it, and finds it gone.
    tx.execute(sa.delete(settled_days).where(settled))
    tx.execute(sa.delete(day_figures).where(figures))
