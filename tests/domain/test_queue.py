from datetime import timedelta

import pytest

from moderation.domain.queue import AGE_DOUBLES, HARM, holds, likeness_of, rank, urgency
from moderation.domain.verdict import Label
from tests.factories import MONDAY

NEVER_PUT_OFF_LONGER = 9 * AGE_DOUBLES


def test_a_likely_threat_comes_before_a_likelier_advertisement() -> None:
    assert urgency({Label.THREAT: 0.5}) > urgency({Label.SPAM: 0.9})


def test_the_worst_label_ranks_a_comment() -> None:
    assert urgency({Label.SPAM: 0.4, Label.HATE: 0.4}) == urgency({Label.HATE: 0.4})


def test_of_two_equally_harmful_the_one_the_machine_doubts_comes_first() -> None:
    assert urgency({Label.SPAM: 0.5}) > urgency({Label.SPAM: 0.3})
    assert urgency({Label.SPAM: 0.5}) > urgency({Label.SPAM: 0.9})


def test_a_sure_threat_never_falls_behind_an_unsure_advertisement() -> None:
    surest = urgency({Label.THREAT: 1.0})

    assert surest > max(urgency({Label.SPAM: score / 100}) for score in range(101))


def test_what_could_not_be_scored_waits_in_front() -> None:
    scored = (urgency({label: score / 100}) for label in HARM for score in range(101))

    assert urgency({}) > max(scored)


def test_an_hour_of_waiting_doubles_what_a_comment_weighs() -> None:
    weak, strong = {Label.SPAM: 0.1}, {Label.SPAM: 0.2}
    ratio = urgency(strong) / urgency(weak)
    assert 1 < ratio < 2

    assert rank(weak, MONDAY) < rank(strong, MONDAY)
    assert rank(weak, MONDAY) > rank(strong, MONDAY + AGE_DOUBLES)
    assert rank(weak, MONDAY) - rank(weak, MONDAY + AGE_DOUBLES) == pytest.approx(1)


def test_no_comment_waits_for_ever() -> None:
    assert rank({Label.SPAM: 0.0}, MONDAY) > rank({}, MONDAY + NEVER_PUT_OFF_LONGER)


@pytest.mark.parametrize(
    ("holder", "seconds_left", "held"),
    [("sari", 1, True), ("sari", 0, False), ("sari", -1, False), (None, 1, False)],
)
def test_a_lease_holds_until_the_moment_it_ends(
    holder: str | None, seconds_left: int, held: bool
) -> None:
    assert holds(holder, MONDAY + timedelta(seconds=seconds_left), now=MONDAY) is held


def test_texts_are_alike_when_their_first_letters_and_digits_are() -> None:
    text = "Dasar goblok kamu semua, pergi dari sini sekarang juga, jangan pernah kembali"

    assert likeness_of(text) == likeness_of(text.upper().replace(",", " !") + " lagi")
    assert likeness_of(text) != likeness_of("x" + text)


def test_very_short_texts_are_like_nothing() -> None:
    assert likeness_of("setuju!!!! 👍👍👍👍👍👍👍") == ""
