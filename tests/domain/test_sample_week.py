from collections import Counter
from datetime import timedelta

from moderation.domain.comment import Story
from moderation.domain.sample_week import WEEK, Arrival, Line, plan_answer, plan_arrivals
from moderation.domain.verdict import Label
from tests.factories import MONDAY

LINES = [Line(f"biasa {number}", (), Story()) for number in range(300)] + [
    Line(f"kasar {number}", (Label.ABUSE,), Story()) for number in range(60)
]


def plan(count: int = 200, seed: int = 1) -> list[Arrival]:
    return plan_arrivals(LINES, count=count, seed=seed, now=MONDAY)


def test_arrivals_lie_within_the_week_in_order_and_mostly_by_day() -> None:
    moments = [arrival.at for arrival in plan(1000)]

    assert moments == sorted(moments)
    assert moments[0] >= MONDAY - WEEK
    assert moments[-1] < MONDAY
    hours = Counter((moment + timedelta(hours=7)).hour for moment in moments)
    assert hours[20] > 4 * hours[3]


def test_the_same_seed_plans_the_same_week_and_another_does_not() -> None:
    assert plan(seed=5) == plan(seed=5)
    assert [one.submission.text for one in plan(seed=5)] != [
        one.submission.text for one in plan(seed=6)
    ]


def test_a_small_share_is_harmful_and_no_line_comes_twice_while_others_are_left() -> None:
    arrivals = plan(200)

    assert sum(bool(arrival.labels) for arrival in arrivals) == 28
    assert len({arrival.submission.text for arrival in arrivals}) == 200


def test_answers_follow_their_comments_and_some_comments_wait_still() -> None:
    arrivals = plan(300)
    answers = [plan_answer(arrival, seed=1, now=MONDAY) for arrival in arrivals]

    assert None in answers
    for arrival, answer in zip(arrivals, answers, strict=True):
        if answer is not None:
            assert arrival.at < answer.at < MONDAY
            assert bool(answer.labels) == (answer.decision == "reject")
            assert answer.overturned_at is None or answer.at < answer.overturned_at < MONDAY
