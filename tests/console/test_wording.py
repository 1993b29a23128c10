"""How times and numbers read in Indonesian."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from moderation.console.languages import ENGLISH, ENGLISH_OF_ONE, say, speak
from moderation.console.wording import age, clock_time, date_time, duration, percent, whole
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


def test_english_tells_one_from_several(app: Flask) -> None:
    with app.test_request_context("/console/queue"):
        speak("en")

        assert age(MONDAY, MONDAY + timedelta(days=1)) == "1 day"
        assert age(MONDAY, MONDAY + timedelta(days=2)) == "2 days"
        assert duration(86_400) == "1 day"
        assert duration(129_600) == "1.5 days"
        assert say("{count} komentar menunggu", count="1") == "1 comment waits"
        assert say("{count} komentar menunggu", count="1.001") == "1.001 comments wait"


def test_what_english_says_of_one_is_among_what_it_says() -> None:
    for phrase, english in ENGLISH_OF_ONE.items():
        assert set(re.findall(r"{\w+}", english)) <= set(re.findall(r"{\w+}", ENGLISH[phrase]))
        assert "{count}" in phrase
