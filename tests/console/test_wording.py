"""How times and numbers read in Indonesian."""

from datetime import timedelta

import pytest

from moderation.console.wording import age, clock_time, date_time, percent, whole
from tests.factories import MONDAY


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "baru saja"), (60, "1 menit"), (7_300, "2 jam"), (200_000, "2 hari")],
)
def test_ages_use_the_largest_unit_that_fits(seconds: int, words: str) -> None:
    assert age(MONDAY, MONDAY + timedelta(seconds=seconds)) == words


def test_times_are_those_of_western_indonesia() -> None:
    assert clock_time(MONDAY) == "16.00 WIB"
    assert date_time(MONDAY) == "23 Nov 2026, 16.00 WIB"


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "0%"), (0.004, "kurang dari 1%"), (0.874, "87%"), (1.0, "100%")]
)
def test_shares_are_whole_percents(share: float, words: str) -> None:
    assert percent(share) == words


def test_thousands_are_set_off_by_a_dot() -> None:
    assert whole(12480) == "12.480"
