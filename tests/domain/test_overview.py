from datetime import timedelta

from moderation.domain.decision import Decision
from moderation.domain.overview import (
    HOUR,
    Decided,
    Period,
    Waits,
    bucket,
    share_of_people,
    tally_labels,
    tally_people,
)
from moderation.domain.verdict import Label
from tests.factories import MONDAY

APPROVE, REJECT = Decision.APPROVE, Decision.REJECT


def decided(by: str, decision: Decision, *, after: int = 60, **fields: object) -> Decided:
    values: dict[str, object] = {
        "decided_by": by,
        "decision": decision,
        "decided_at": MONDAY + timedelta(seconds=after),
        "opened_at": MONDAY,
        "labels": (Label.ABUSE,),
        "previous": None,
        "previous_by": None,
        **fields,
    }
    return Decided(**values)  # type: ignore[arg-type]


def test_nine_in_ten_waits_lie_at_or_below_the_ninetieth() -> None:
    assert Waits.of([float(second) for second in range(10, 0, -1)]) == Waits(10, 5.5, 9.0)
    assert Waits.of([7.0]) == Waits(1, 7.0, 7.0)
    assert Waits.of([]) == Waits(0, None, None)


def test_an_overturn_counts_against_who_decided_before_and_is_no_wait() -> None:
    rows = [
        decided("sari", APPROVE),
        decided("rina", REJECT, after=900, previous=APPROVE, previous_by="sari"),
        decided("rina", REJECT, after=999, previous=REJECT, previous_by="rina"),
    ]

    people = tally_people(rows)

    assert (people["sari"].overturned, people["sari"].waits) == (1, [60.0])
    assert (people["rina"].rejected, people["rina"].overturned, people["rina"].waits) == (2, 0, [])
    abuse = tally_labels(rows)[Label.ABUSE]
    assert (abuse.marked, abuse.published, abuse.overturned) == (1, 1, 1)


def test_hours_are_summed_into_steps_and_empty_ones_are_kept() -> None:
    period = Period(MONDAY, MONDAY + timedelta(hours=4))
    counts = {MONDAY: {"a": 1}, MONDAY + HOUR: {"a": 2, "b": 1}, MONDAY + 3 * HOUR: {"b": 5}}

    steps = bucket(counts, period, timedelta(hours=2))

    assert steps == [(MONDAY, {"a": 3, "b": 1}), (MONDAY + 2 * HOUR, {"b": 5})]
    assert len(bucket({}, period, HOUR)) == 4


def test_the_share_of_people_is_that_of_comments_sent_to_review() -> None:
    assert share_of_people({"approve": 6, "review": 3, "reject": 1}) == 0.3
    assert share_of_people({}) is None
