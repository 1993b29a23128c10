"""The one definition of what is too much worse; ``docs/retraining.md`` says it in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from training.promotion.figures import Difference


class Figure(StrEnum):
    """What is measured of a label, and of all comments together; the higher the better, all."""

    PRECISION = "average precision"
    F1 = "F1"
    REJECTED = "rejected by machine"
    STOPPED = "harmful not approved"
    SPARED = "harmless not rejected"


@dataclass(frozen=True, slots=True)
class Margin:
    """How much a figure may fall: on a whole set, and on a slice, which has fewer comments."""

    whole: float
    slice: float


MARGINS: Mapping[Figure, Margin] = {
    Figure.PRECISION: Margin(0.02, 0.05),
    Figure.F1: Margin(0.02, 0.05),
    # What the machine no longer rejects waits for a person: work, not harm.
    Figure.REJECTED: Margin(0.10, 0.10),
    Figure.STOPPED: Margin(0.02, 0.05),
    Figure.SPARED: Margin(0.01, 0.02),
}
ENOUGH = 100
"""From so many groups on both sides on, a figure is judged by itself, below by its interval."""
FEWEST = 5
"""With fewer groups on either side nothing is judged; the errors are told all the same."""


class Judged(StrEnum):
    """What a figure's judgement rests on."""

    POINT = "point"
    INTERVAL = "interval"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a figure is worse beyond its margin, and what that rests on."""

    judged: Judged
    margin: float
    worse: bool


def judge(figure: Figure, found: Difference, *, whole: bool, groups: int) -> Judgement:
    """Judge one figure; ``groups`` counts those on the side that has fewer.

    With enough evidence the difference itself must stay within the margin. With little, chance
    alone makes large differences: a whole set must then have fallen beyond the margin and beyond
    chance. Slices are many, and some fall by chance every time; of a thin one the whole interval
    must lie beyond the margin.
    """
    margin = MARGINS[figure].whole if whole else MARGINS[figure].slice
    fell = found.change < -margin
    if groups < FEWEST:
        return Judgement(Judged.NOT, margin, worse=False)
    if groups >= ENOUGH:
        return Judgement(Judged.POINT, margin, worse=fell)
    beyond_chance = found.high < 0 if whole else found.high < -margin
    return Judgement(Judged.INTERVAL, margin, worse=fell and beyond_chance)
