"""The nudge to rest."""

import pytest

from tests.console.conftest import Browser, Submit
from tests.factories import FakeClock

NUDGE = "Istirahatlah sebentar"


def decide(browser: Browser, submit: Submit, number: int, word: str = "serbu") -> str:
    item = submit(f"c-{number}", f"ayo {word} {number}")["queue_item"]
    browser.open("/console/queue")
    path = f"/console/items/{item}/decision"
    return browser.send(path, decision="reject:threat", version=1, take="1", back="1").text


def test_a_rest_is_suggested_after_as_many_heavy_comments_as_a_person_chose(
    browser: Browser, submit: Submit
) -> None:
    browser.open("/console/queue")
    browser.send("/console/me/rest", rest="10", here="/console/queue")

    pages = [decide(browser, submit, number) for number in range(10)]

    assert [NUDGE in page for page in pages] == [False] * 9 + [True]
    assert NUDGE not in decide(browser, submit, 10)


def test_light_comments_and_pauses_break_no_run_into_a_nudge(
    browser: Browser, submit: Submit, clock: FakeClock
) -> None:
    browser.open("/console/queue")
    browser.send("/console/me/rest", rest="10", here="/console/queue")
    for number in range(9):
        decide(browser, submit, number)
    assert NUDGE not in decide(browser, submit, 9, word="goblok")

    clock.advance(minutes=16)

    assert NUDGE not in decide(browser, submit, 10)


@pytest.mark.parametrize("rest", ["11", "-1", "banyak"])
def test_another_number_is_refused(browser: Browser, rest: str) -> None:
    browser.open("/console/queue")

    assert browser.send("/console/me/rest", rest=rest).status_code == 400
