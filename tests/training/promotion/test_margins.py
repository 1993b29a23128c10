"""Much evidence is judged by its figure, little by what it excludes, and the least not at all."""

import pytest

from training.promotion.figures import Difference
from training.promotion.margins import ENOUGH, FEWEST, MARGINS, Figure, Judged, judge

WHOLE, SLICE = MARGINS[Figure.F1].whole, MARGINS[Figure.F1].slice


def fallen(by: float, give: float = 0.01) -> Difference:
    return Difference(0.9, 0.9 - by, -by - give, -by + give)


@pytest.mark.parametrize("figure", Figure)
@pytest.mark.parametrize("whole", [True, False])
def test_with_much_evidence_the_fall_itself_must_stay_within_the_margin(
    figure: Figure, whole: bool
) -> None:
    margin = MARGINS[figure].whole if whole else MARGINS[figure].slice

    assert not judge(figure, fallen(margin - 0.001), whole=whole, groups=ENOUGH).worse
    assert judge(figure, fallen(margin + 0.001), whole=whole, groups=ENOUGH).worse


def test_a_thin_slice_is_worse_only_if_its_whole_interval_lies_beyond_the_margin() -> None:
    doubtful = fallen(SLICE + 0.1, give=0.12)
    certain = fallen(SLICE + 0.1, give=0.05)

    assert not judge(Figure.F1, doubtful, whole=False, groups=ENOUGH - 1).worse
    assert judge(Figure.F1, certain, whole=False, groups=ENOUGH - 1).worse
    assert judge(Figure.F1, certain, whole=False, groups=FEWEST).judged is Judged.INTERVAL


def test_a_thin_set_is_worse_if_it_fell_beyond_the_margin_and_beyond_chance() -> None:
    by_chance = fallen(WHOLE + 0.1, give=0.13)
    small = fallen(WHOLE - 0.01, give=0.005)
    certain = fallen(WHOLE + 0.1, give=0.115)

    judged = [
        judge(Figure.F1, found, whole=True, groups=ENOUGH - 1).worse
        for found in (by_chance, small, certain)
    ]

    assert judged == [False, False, True]


def test_a_handful_of_comments_is_not_judged() -> None:
    found = judge(Figure.F1, fallen(0.9), whole=True, groups=FEWEST - 1)

    assert (found.judged, found.worse) == (Judged.NOT, False)


@pytest.mark.parametrize("size", [1, 20, 500])
def test_what_rose_is_never_worse(size: int) -> None:
    assert not judge(Figure.F1, fallen(-0.3), whole=True, groups=size).worse
