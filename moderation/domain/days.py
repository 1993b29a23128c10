"""Days as newsrooms count them: from midnight to midnight in Western Indonesia."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone

from moderation.domain.overview import Period

# Western Indonesian Time has known no change since 1964; a fixed offset needs no zone database.
WIB = timezone(timedelta(hours=7), "WIB")
_DAY = timedelta(days=1)


def day_of(moment: datetime) -> date:
    """Return the day a moment belongs to."""
    return moment.astimezone(WIB).date()


def midnight(day: date) -> datetime:
    """Return when a day begins."""
    return datetime.combine(day, time(), WIB)


def period_of(day: date) -> Period:
    """Return the moments of a day."""
    return Period(midnight(day), midnight(day + _DAY))


def whole_days(period: Period) -> Iterator[date]:
    """Yield the days that lie in a period from midnight to midnight."""
    day = day_of(period.start)
    if midnight(day) < period.start:
        day += _DAY
    while midnight(day + _DAY) <= period.end:
        yield day
        day += _DAY


def stretches_without(period: Period, known: set[date]) -> Iterator[Period]:
    """Yield what is left of a period when some of its whole days are known."""
    start = period.start
    for day in whole_days(period):
        if day in known:
            if start < midnight(day):
                yield Period(start, midnight(day))
            start = midnight(day + _DAY)
    if start < period.end:
        yield Period(start, period.end)
