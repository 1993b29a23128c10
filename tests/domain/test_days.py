from datetime import date, timedelta

from moderation.domain.days import WIB, day_of, period_of, stretches_without, whole_days
from moderation.domain.overview import Period
from tests.factories import MONDAY

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def test_a_day_begins_at_midnight_in_western_indonesia() -> None:
    begins = period_of(TODAY).start

    assert begins.astimezone(WIB).hour == 0
    assert (day_of(begins), day_of(begins - timedelta(seconds=1))) == (TODAY, TODAY - DAY)
    assert period_of(TODAY).end == period_of(TODAY + DAY).start


def test_only_days_from_midnight_to_midnight_are_whole() -> None:
    whole = Period(period_of(TODAY).start, period_of(TODAY + DAY).end)

    assert list(whole_days(whole)) == [TODAY, TODAY + DAY]
    assert list(whole_days(Period(MONDAY, whole.end))) == [TODAY + DAY]
    assert list(whole_days(Period(MONDAY, MONDAY + DAY))) == []


def test_what_is_not_known_is_left_in_as_few_stretches_as_may_be() -> None:
    period = Period(MONDAY, MONDAY + 5 * DAY)
    known = {TODAY, TODAY + 2 * DAY, TODAY + 3 * DAY}

    assert list(stretches_without(period, known)) == [
        Period(MONDAY, period_of(TODAY + 2 * DAY).start),
        Period(period_of(TODAY + 3 * DAY).end, period.end),
    ]
    assert list(stretches_without(period_of(TODAY), {TODAY})) == []
    assert list(stretches_without(period, set())) == [period]
