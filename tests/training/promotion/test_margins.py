"""Much evidence is judged by its figure, little by what it excludes, and the least not at all."""

import pytest

from training.promotion.figures import Difference
from training.promotion.margins import ENOUGH, FEWEST, SLICE, WHOLE, Judged, judge


def fallen(by: float, give: float = 0.01) -> Difference:
    return Difference(0.9, 0.9 - by, -by - give, -by + give)


@pytest.mark.parametrize(("whole", "margin"), [(True, WHOLE), (False, SLICE)])
def test_with_much_evidence_the_fall_itself_must_stay_within_the_margin(
    whole: bool, margin: float
) -> None:
    assert not judge(fallen(margin - 0.001), whole=whole, groups=ENOUGH).worse
    assert judge(fallen(margin + 0.001), whole=whole, groups=ENOUGH).worse


def test_a_thin_slice_is_worse_only_if_its_whole_interval_says_so() -> None:
    doubtful = fallen(SLICE + 0.1, give=0.2)
    certain = fallen(SLICE + 0.1, give=0.05)

    assert not judge(doubtful, whole=False, groups=ENOUGH - 1).worse
    assert judge(certain, whole=False, groups=ENOUGH - 1).worse
    assert judge(certain, whole=False, groups=FEWEST).judged is Judged.INTERVAL


def test_a_handful_of_comments_is_not_judged() -> None:
    found = judge(fallen(0.9), whole=True, groups=FEWEST - 1)

    assert (found.judged, found.worse) == (Judged.NOT, False)


def test_what_rose_is_never_worse() -> None:
    assert not any(judge(fallen(-0.3), whole=True, groups=size).worse for size in (1, 20, 500))
