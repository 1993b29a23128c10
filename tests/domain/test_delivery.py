from datetime import timedelta

import pytest

from moderation.domain.delivery import WAITS, Answer, State, judge
from tests.factories import MONDAY


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_only_2xx_is_delivered(status: int) -> None:
    assert judge(Answer(status), attempts=1, now=MONDAY, jitter=0).state is State.DELIVERED


@pytest.mark.parametrize("answer", [Answer(302), Answer(404), Answer(500), Answer(None, "refused")])
def test_everything_else_is_tried_again_after_the_next_wait(answer: Answer) -> None:
    for attempts, wait in enumerate(WAITS[1:], 1):
        outcome = judge(answer, attempts=attempts, now=MONDAY, jitter=0)

        assert (outcome.state, outcome.next_at) == (State.PENDING, MONDAY + wait)


def test_jitter_only_ever_lengthens_a_wait() -> None:
    outcome = judge(Answer(500), attempts=2, now=MONDAY, jitter=0.5)

    assert outcome.next_at == MONDAY + timedelta(minutes=5, seconds=30)


def test_a_site_that_asks_for_more_time_gets_it_up_to_a_day() -> None:
    def wait(retry_after: timedelta, attempts: int) -> timedelta:
        answer = Answer(429, retry_after=retry_after)
        outcome = judge(answer, attempts=attempts, now=MONDAY, jitter=0)
        assert outcome.next_at is not None
        return outcome.next_at - MONDAY

    assert wait(timedelta(minutes=2), attempts=1) == timedelta(minutes=2)
    assert wait(timedelta(seconds=1), attempts=2) == timedelta(minutes=5)
    assert wait(timedelta(days=365), attempts=1) == timedelta(hours=24)


def test_gone_disables_at_once() -> None:
    outcome = judge(Answer(410), attempts=1, now=MONDAY, jitter=0)

    assert outcome.state is State.FAILED
    assert "410" in outcome.disables


def test_the_last_failure_disables_and_says_what_it_was() -> None:
    outcome = judge(Answer(None, "connection refused"), attempts=10, now=MONDAY, jitter=0)

    assert outcome.state is State.FAILED
    assert "10 attempts failed, the last: connection refused" in outcome.disables
