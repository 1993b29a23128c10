import json
from datetime import timedelta

from moderation.domain.activity import Activity
from moderation.domain.decision import Decision
from moderation.domain.overview import HOUR, LabelTally, PersonTally
from moderation.domain.verdict import Label
from tests.domain.test_overview import decided
from tests.factories import MONDAY


def some() -> Activity:
    return Activity.of(
        {MONDAY: {"review": 2}, MONDAY + HOUR: {"approve": 1}},
        [
            decided("sari", Decision.APPROVE),
            decided(
                "rina",
                Decision.REJECT,
                after=5_000,
                previous=Decision.APPROVE,
                previous_by="sari",
            ),
        ],
    )


def test_a_day_comes_back_from_plain_values_as_it_was() -> None:
    begins = MONDAY - timedelta(hours=16)

    figures = json.loads(json.dumps(some().to_figures(begins)))

    assert Activity.from_figures(figures, begins) == some()


def test_sums_add_up() -> None:
    total = Activity()
    total.add(some())
    total.add(some())

    assert total.arrivals == {MONDAY: {"review": 4}, MONDAY + HOUR: {"approve": 2}}
    assert total.decisions == {MONDAY: {"approve": 2}, MONDAY + HOUR: {"reject": 2}}
    assert total.labels[Label.ABUSE] == LabelTally(2, 2, 2)
    assert total.people == {
        "sari": PersonTally(2, 0, 2, [60.0, 60.0]),
        "rina": PersonTally(0, 2, 0, []),
    }


def test_adding_leaves_what_was_added_as_it_was() -> None:
    total, other = Activity(), some()
    total.add(other)
    total.add(other)

    assert other == some()


def test_those_who_decided_most_come_first() -> None:
    rows = [decided("sari", Decision.APPROVE), *[decided("tono", Decision.REJECT)] * 2]

    assert list(Activity.of({}, rows).by_decisions()) == ["tono", "sari"]
