"""The one definition of what is too much worse; ``docs/retraining.md`` says it in words."""

from dataclasses import dataclass
from enum import StrEnum

from training.promotion.figures import Difference

WHOLE = 0.02
"""How much a figure of a whole set may fall."""
SLICE = 0.05
"""How much a figure of a slice may fall; it rests on fewer comments."""
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


def judge(found: Difference, *, whole: bool, groups: int) -> Judgement:
    """Judge one figure; ``groups`` counts those on the side that has fewer.

    With enough evidence the difference itself must stay within the margin. With little, chance
    alone makes large differences, so only one is held against the challenger whose whole interval
    lies beyond the margin.
    """
    margin = WHOLE if whole else SLICE
    if groups < FEWEST:
        return Judgement(Judged.NOT, margin, worse=False)
    if groups < ENOUGH:
        return Judgement(Judged.INTERVAL, margin, worse=found.high < -margin)
    return Judgement(Judged.POINT, margin, worse=found.change < -margin)
