from datetime import timedelta

import pytest

from moderation.domain.queue import UNSCORED_PRIORITY, holds, likeness_of, rank
from moderation.domain.verdict import Label
from tests.factories import MONDAY


def test_a_likely_threat_comes_before_a_likelier_advertisement() -> None:
    assert rank({Label.THREAT: 0.5}) > rank({Label.SPAM: 0.9})


def test_the_worst_label_ranks_a_comment() -> None:
    assert rank({Label.SPAM: 0.4, Label.HATE: 0.4}) == rank({Label.HATE: 0.4})


def test_what_could_not_be_scored_waits_in_front() -> None:
    assert rank({}) == UNSCORED_PRIORITY >= rank({Label.THREAT: 1.0})


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
