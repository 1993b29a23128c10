"""Count each day once when it is over, so that an overview of months adds up days."""

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from moderation.domain.activity import Activity, Hourly
from moderation.domain.days import day_of, period_of, stretches_without, whole_days
from moderation.domain.overview import Decided, Period
from moderation.domain.reach import Reach
from moderation.storage import activity, day_figures
from moderation.storage.day_figures import Place
from moderation.storage.engine import Database

logger = logging.getLogger(__name__)

_DAY = timedelta(days=1)


def gather(tx: sa.Connection, period: Period, reach: Reach, *, site_id: int | None) -> Activity:
    """Return the sums of a period: of days counted before as kept, of the rest as stored."""
    total = Activity()
    settled: set[date] = set()
    days = list(whole_days(period))
    if days:
        settled = day_figures.list_settled(tx, days[0], days[-1])
    if settled:
        kept = day_figures.read(tx, min(settled), max(settled), reach, site_id=site_id)
        for day, sums in kept:
            if day in settled:
                total.add(sums)
    for stretch in stretches_without(period, settled):
        total.add(_count(tx, stretch, reach, site_id=site_id))
    return total


def catch_up(database: Database, *, now: datetime, go_on: Callable[[], bool] = lambda: True) -> int:
    """Count the days that are over and not counted yet, the latest first; return how many."""
    with database.reading() as tx:
        missing = _list_missing(tx, now)
    done = 0
    for day in missing:
        if not go_on():
            break
        done += _settle(database, day)
    return done


def _list_missing(tx: sa.Connection, now: datetime) -> list[date]:
    began = activity.find_first(tx)
    if began is None:
        return []
    first, last = day_of(began), day_of(now)
    settled = day_figures.list_settled(tx, first, last)
    days = [first + count * _DAY for count in range((last - first).days + 1)]
    return [day for day in reversed(days) if day not in settled and day_figures.is_over(day, now)]


def _settle(database: Database, day: date) -> bool:
    """Count a day without holding anybody up; false if another did, or something changed it."""
    try:
        with database.writing() as tx:
            token = day_figures.begin(tx, day)
        with database.reading() as tx:
            sums = _count_by_place(tx, period_of(day))
        with database.writing() as tx:
            return day_figures.finish(tx, day, token, sums)
    except sa.exc.IntegrityError:
        logger.info("another worker counts %s", day)
        return False


def _count(tx: sa.Connection, period: Period, reach: Reach, *, site_id: int | None) -> Activity:
    return Activity.of(
        activity.count_arrivals(tx, period, reach, site_id=site_id),
        activity.list_decided(tx, period, reach, site_id=site_id),
    )


def _count_by_place(tx: sa.Connection, period: Period) -> dict[Place, Activity]:
    arrivals: dict[Place, Hourly] = activity.count_arrivals_by_place(tx, period)
    decided: defaultdict[Place, list[Decided]] = defaultdict(list)
    for place, one in activity.list_decided_by_place(tx, period):
        decided[place].append(one)
    return {
        place: Activity.of(arrivals.get(place, {}), decided.get(place, []))
        for place in arrivals.keys() | decided.keys()
    }
