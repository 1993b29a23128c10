"""How far today's comments are from those a model began with, and from when on that warns."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from moderation.domain.verdict import LABELS, Label

REFERENCE = timedelta(days=7)
"""What a model saw within so long of its first comment is what it is compared with."""

PRESENT = timedelta(days=7)
"""So much of the past counts as today."""

EDGES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
"""Where the bins of a score's histogram end; most scores are small, so most bins are."""

FEWEST_COMMENTS = 500
"""With fewer on either side, chance alone moves the index by more than 0.04."""

FEWEST_DECISIONS = 30

Histogram = Sequence[int]
Spread = Mapping[Label, Histogram]


class Kind(StrEnum):
    """What is measured.

    ``SCORES``: a label's scores, by the population stability index. ``FOLDED``: the share of
    characters that disguise a text. ``UNKNOWN``: the share of words the model does not know.
    ``OVERTURNED_LABEL`` and ``OVERTURNED_SECTION``: the share of comments marked by the machine
    that people published, against what the scores promise.
    """

    SCORES = "scores"
    FOLDED = "folded"
    UNKNOWN = "unknown"
    OVERTURNED_LABEL = "overturned_label"
    OVERTURNED_SECTION = "overturned_section"


LEVELS: Mapping[Kind, float] = {
    Kind.SCORES: 0.2,
    Kind.FOLDED: 0.01,
    Kind.UNKNOWN: 0.05,
    Kind.OVERTURNED_LABEL: 0.15,
    Kind.OVERTURNED_SECTION: 0.15,
}
"""How much more than before, or than was promised, warns."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure, what it was or should be, and the comments or decisions it rests on.

    ``now`` is ``None`` where there are too few of them to say.
    """

    kind: Kind
    name: str
    now: float | None
    before: float
    count: int

    @property
    def warns(self) -> bool:
        """Say whether somebody should look."""
        return self.now is not None and self.now - self.before > LEVELS[self.kind]


@dataclass(frozen=True, slots=True)
class Marked:
    """A comment the machine marked, with the marks' scores, and whether a person published it."""

    section: str
    scores: Mapping[Label, float]
    published: bool


def stability(reference: Histogram, present: Histogram) -> float:
    """Return the population stability index of two histograms; half a comment is in every bin.

    Under 0.1 nothing has changed, from 0.2 on the model meets other comments than it began with.
    """
    bins = len(reference)
    first, second = sum(reference) + bins / 2, sum(present) + bins / 2
    shares = [
        ((one + 0.5) / first, (other + 0.5) / second)
        for one, other in zip(reference, present, strict=True)
    ]
    return sum((now - then) * math.log(now / then) for then, now in shares)


def histogram(scores: Iterable[float]) -> list[int]:
    """Count scores by bin, the smallest first."""
    counts = [0] * (len(EDGES) + 1)
    for score in scores:
        counts[sum(score >= edge for edge in EDGES)] += 1
    return counts


def compare_scores(reference: Spread, present: Spread) -> list[Measure]:
    """Measure each label's scores."""
    measures = []
    for label in LABELS:
        then, now = reference[label], present[label]
        enough = min(sum(then), sum(now)) >= FEWEST_COMMENTS
        value = stability(then, now) if enough else None
        measures.append(Measure(Kind.SCORES, label.value, value, 0.0, sum(now)))
    return measures


def measure_overturned(decided: Sequence[Marked], most_sections: int) -> list[Measure]:
    """Measure what people published of what was marked, by label and by section.

    Of comments with a score of 0.3, people should publish seven in ten, not nine.
    """
    by_label = [
        _overturned(Kind.OVERTURNED_LABEL, label.value, [
            (one.published, one.scores[label]) for one in decided if label in one.scores
        ])
        for label in LABELS
    ]  # fmt: skip
    sections: dict[str, list[tuple[bool, float]]] = {}
    for one in decided:
        if one.section and one.scores:
            known = sections.setdefault(one.section, [])
            known.append((one.published, max(one.scores.values())))
    largest = sorted(sections, key=lambda name: (-len(sections[name]), name))[:most_sections]
    return by_label + [
        _overturned(Kind.OVERTURNED_SECTION, name, sections[name]) for name in sorted(largest)
    ]


def _overturned(kind: Kind, name: str, answers: Sequence[tuple[bool, float]]) -> Measure:
    count = len(answers)
    if not count:
        return Measure(kind, name, None, 0.0, 0)
    published = sum(answer for answer, _ in answers) / count
    promised = 1 - math.fsum(score for _, score in answers) / count
    return Measure(kind, name, published if count >= FEWEST_DECISIONS else None, promised, count)


def read_spread(document: Mapping[str, Any]) -> dict[Label, list[int]]:
    """Read the histograms a manifest may hold; ``ValueError`` or ``KeyError`` if they are wrong."""
    spread = {label: [int(count) for count in document[label.value]] for label in LABELS}
    if any(len(counts) != len(EDGES) + 1 for counts in spread.values()):
        raise ValueError(f"a histogram has {len(EDGES) + 1} bins")
    return spread
