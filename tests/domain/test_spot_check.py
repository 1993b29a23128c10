import hashlib

from moderation.domain.decision import Decision
from moderation.domain.spot_check import Precision, is_drawn, tally
from moderation.domain.verdict import Verdict


def some_hash(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def test_about_the_share_asked_is_drawn_and_the_same_ones_each_time() -> None:
    drawn = [number for number in range(20_000) if is_drawn(some_hash(number), 0.05)]

    assert 900 < len(drawn) < 1100
    assert drawn == [number for number in range(20_000) if is_drawn(some_hash(number), 0.05)]


def test_a_larger_share_draws_what_a_smaller_one_does() -> None:
    small = {number for number in range(2_000) if is_drawn(some_hash(number), 0.01)}
    large = {number for number in range(2_000) if is_drawn(some_hash(number), 0.1)}

    assert small < large


def test_a_share_of_nothing_draws_none_and_a_whole_one_all() -> None:
    assert not is_drawn("0" * 64, 0.0)
    assert is_drawn("f" * 64, 1.0)


def test_each_verdict_is_right_where_the_person_decided_the_same() -> None:
    counts = {
        (Verdict.APPROVE, Decision.APPROVE): 97,
        (Verdict.APPROVE, Decision.REJECT): 3,
        (Verdict.APPROVE, None): 5,
        (Verdict.REJECT, Decision.APPROVE): 1,
        (Verdict.REJECT, Decision.REJECT): 9,
    }

    found = tally(counts)

    assert found[Verdict.APPROVE] == Precision(answered=100, agreed=97, waiting=5)
    assert found[Verdict.REJECT].share == 0.9
    assert tally({})[Verdict.REJECT].share is None
