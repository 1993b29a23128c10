"""Whose thresholds an adapted model gets: the newsroom's on enough evidence, or the champion's."""

from dataclasses import replace

import pytest

from moderation.domain.policy import Band, Policy
from moderation.domain.scorer import Passage
from moderation.domain.verdict import LABELS, Label
from tests.factories import MONDAY, FakeScorer, a_policy
from training.dataset.rows import Row, Split
from training.dataset.statements import Voice
from training.own_policy import OwnPromises, own_policy

BASE = FakeScorer(
    words={f"skor{step}": {Label.ABUSE: step / 20} for step in range(10, 20)},
    policy=a_policy(abuse=Band(0.5, 0.9)),
)


def rows(step: int, count: int, *, harmful: bool) -> list[Row]:
    known = {Label.ABUSE: True} if harmful else dict.fromkeys(LABELS, False)
    row = Row(
        "c", Passage(f"skor{step} "), known, Voice.MODERATOR, "kabar", MONDAY, MONDAY, "", "g", 1,
        Split.HELD,
    )  # fmt: skip
    return [replace(row, id=f"c-{step}-{at}") for at in range(count)]


def chosen(held: list[Row], scorer: FakeScorer = BASE) -> tuple[Policy, OwnPromises]:
    return own_policy("own", scorer, BASE, held, adapted=[Label.ABUSE])


def test_without_held_rows_the_champions_thresholds_stay() -> None:
    policy, promises = chosen([])

    assert (policy.version, policy.bands) == ("own", BASE.policy.bands)
    assert (promises.held, promises.own_review, promises.approved.promised) == (0, False, False)


def test_a_few_held_rows_move_nothing() -> None:
    held = rows(11, 99, harmful=False) + rows(15, 99, harmful=True)

    assert chosen(held)[0].bands == BASE.policy.bands


def test_enough_of_them_spare_harmless_comments_if_no_harm_slips_through() -> None:
    held = rows(11, 150, harmful=False) + rows(15, 150, harmful=True)

    policy, promises = chosen(held)

    assert promises.own_review
    assert 0.55 < policy.bands[Label.ABUSE].review <= 0.75
    assert policy.bands[Label.SPAM] == BASE.policy.bands[Label.SPAM]


def test_no_harm_slips_through_that_the_champion_stopped() -> None:
    held = rows(11, 300, harmful=False) + rows(11, 1, harmful=True) + rows(15, 150, harmful=True)

    policy, promises = chosen(held)

    assert not promises.own_review
    assert policy.bands[Label.ABUSE].review == 0.5


def test_a_rejection_is_promised_on_enough_held_rows() -> None:
    policy, promises = chosen(rows(19, 320, harmful=True))

    assert policy.bands[Label.ABUSE].reject == pytest.approx(0.95)
    assert promises.rejected[Label.ABUSE].promised


def test_a_rejection_the_held_rows_disprove_is_taken_away() -> None:
    policy, promises = chosen(rows(19, 30, harmful=True) + rows(19, 5, harmful=False))

    assert promises.disproved == [Label.ABUSE]
    assert policy.bands[Label.ABUSE].reject is None
    assert policy.bands[Label.SPAM].reject == 0.8


def test_one_mistake_among_few_disproves_nothing() -> None:
    policy, promises = chosen(rows(19, 30, harmful=True) + rows(19, 1, harmful=False))

    assert promises.disproved == []
    assert policy.bands[Label.ABUSE].reject == 0.9
