"""Champion and challenger on the same rows: per label, per slice, and what is worse."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from moderation.domain.scorer import Scorer
from moderation.domain.verdict import LABELS, Label
from training.examples import Example
from training.promotion import figures
from training.promotion.figures import Difference, Flags, Floats, Weights
from training.promotion.frozen_sets import FrozenSet, slices
from training.promotion.margins import FEWEST, Figure, Judgement, judge
from training.promotion.queueing import guarantee_of, queue_at
from training.promotion.reading import Outcomes, read

Places = npt.NDArray[np.int64]

ANY = "any"
"""Stands for all labels together: is a comment harmful, and what is done with it."""
WHOLE_SET = ("all", "")


@dataclass(frozen=True, slots=True)
class Line:
    """One label on one slice of one set: how often it holds, the figures, the errors of each."""

    set: str
    by: str
    value: str
    label: str
    holds: int
    holds_not: int
    figures: Mapping[Figure, tuple[Difference, Judgement]]
    errors: Mapping[str, Mapping[str, int]]

    @property
    def is_whole(self) -> bool:
        """Tell whether this is the whole set."""
        return (self.by, self.value) == WHOLE_SET

    @property
    def where(self) -> str:
        """Return the place in words, for a table and for a refusal."""
        return f"{self.set}, {self.by} {self.value}" if self.value else self.set

    def worse(self) -> list[Figure]:
        """Return the figures that fell by more than their margin."""
        return [name for name, (_, judgement) in self.figures.items() if judgement.worse]

    def told(self, name: Figure) -> dict[str, Any]:
        """Return what is told of a figure that fell, in words and by itself."""
        found, judgement = self.figures[name]
        sentence = (
            f"{self.label} ({self.where}): {name} fell from {found.champion:.3f} to "
            f"{found.challenger:.3f} ({found.low:+.3f} to {found.high:+.3f}); "
            f"at most {judgement.margin:.2f} is allowed"
        )
        figures = _rounded({"champion": found.champion, "challenger": found.challenger})
        return {
            **self.place(), "figure": name, **figures, "margin": judgement.margin,
            "sentence": sentence,
        }  # fmt: skip

    def place(self) -> dict[str, str]:
        """Return set, slice and label."""
        return {"set": self.set, "by": self.by, "value": self.value, "label": self.label}

    def to_json(self) -> dict[str, Any]:
        """Return the form kept in ``comparison.json``."""
        table = {
            name: {**_rounded(asdict(found)), **asdict(judgement)}
            for name, (found, judgement) in self.figures.items()
        }
        counts = {"holds": self.holds, "holds_not": self.holds_not}
        return {**self.place(), **counts, "figures": table, "errors": self.errors}


def compare(champion: Scorer, challenger: Scorer, frozen: FrozenSet) -> dict[str, Any]:
    """Compare on one set; the form kept in ``comparison.json``, with what is worse in words."""
    ours, theirs = read(champion, frozen.rows), read(challenger, frozen.rows)
    lines = list(lines_of(frozen, ours, theirs))
    harmful = np.array([row.harmful for row in frozen.rows], bool)
    kept = guarantee_of(ours, harmful)
    return {
        "rows": len(frozen.rows),
        "groups": len({row.group for row in frozen.rows}),
        "about": frozen.about,
        "digest": frozen.digest,
        "verdicts": {"champion": _verdicts(ours), "challenger": _verdicts(theirs)},
        "queue_at_the_same_guarantee": {
            **asdict(kept),
            "champion": queue_at(ours, champion.policy, harmful, kept),
            "challenger": queue_at(theirs, challenger.policy, harmful, kept),
        },
        "lines": [line.to_json() for line in lines],
        "worse": list(_worse(lines)),
    }


def _worse(lines: Sequence[Line]) -> Iterator[dict[str, Any]]:
    """Yield each figure that is worse, with a sentence about it.

    Where a whole set is worse, only those of its slices are told that fell still further.
    """
    whole = {
        (line.label, name): line.figures[name][0].low
        for line in lines
        if line.is_whole
        for name in line.worse()
    }
    for line in lines:
        for name in line.worse():
            bottom = whole.get((line.label, name), np.inf)
            if line.is_whole or line.figures[name][0].high < bottom:
                yield line.told(name)


def lines_of(frozen: FrozenSet, ours: Outcomes, theirs: Outcomes) -> Iterator[Line]:
    """Yield a line for each label on the whole set, and on each of its slices."""
    rows = frozen.rows
    if not rows:
        return
    weight = figures.draws([row.group for row in rows])
    every = {WHOLE_SET: list(range(len(rows))), **slices(rows)}
    for label in (*LABELS, ANY):
        known, holds = _truth(rows, label)
        for (by, value), places in every.items():
            at = np.array([place for place in places if known[place]], np.int64)
            if at.size and holds[at].any():
                part = _part(rows, at, holds, weight)
                yield _line((frozen.name, by, value, label), part, _at(ours, at), _at(theirs, at))


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows of a slice that know a label, with their weights in every draw.

    ``groups`` counts those on the side that has fewer.
    """

    holds: Flags
    groups: int
    weight: Weights


def _part(rows: Sequence[Example], at: Places, holds: Flags, weight: Weights) -> _Part:
    held = {rows[place].group for place in at[holds[at]].tolist()}
    free = {rows[place].group for place in at[~holds[at]].tolist()}
    groups = min(len(held), len(free))
    # What is not judged needs no draws.
    return _Part(holds[at], groups, (weight if groups >= FEWEST else weight[:1])[:, at])


def _line(place: tuple[str, str, str, str], part: _Part, ours: Outcomes, theirs: Outcomes) -> Line:
    found_in, by, value, label = place
    whole, groups = (by, value) == WHOLE_SET, part.groups
    champion, challenger = (_measures(label, part, outcomes) for outcomes in (ours, theirs))
    measured = {
        name: figures.difference(figure, challenger[name]) for name, figure in champion.items()
    }
    judged = {
        name: (found, judge(name, found, whole=whole, groups=groups))
        for name, found in measured.items()
    }
    errors = {
        name: _errors(label, part.holds, outcomes)
        for name, outcomes in (("champion", ours), ("challenger", theirs))
    }
    count = int(part.holds.sum())
    return Line(found_in, by, value, label, count, part.holds.size - count, judged, errors)


def _measures(label: str, part: _Part, outcomes: Outcomes) -> dict[Figure, Floats]:
    """Return a model's figures in every draw."""
    weight, holds = part.weight, part.holds
    if label == ANY:
        return {
            Figure.STOPPED: figures.share(weight, holds, ~outcomes.approved),
            Figure.SPARED: figures.share(weight, ~holds, ~outcomes.rejected),
        }
    column = LABELS.index(Label(label))
    scores, told = outcomes.scores[:, column], outcomes.told[:, column]
    return {
        Figure.PRECISION: figures.average_precision(weight, holds, scores),
        Figure.F1: figures.f1(weight, holds, told),
        Figure.REJECTED: figures.share(weight, holds, outcomes.sure[:, column]),
    }


def _errors(label: str, holds: Flags, outcomes: Outcomes) -> dict[str, int]:
    if label == ANY:
        return {
            "harmful_approved": int((holds & outcomes.approved).sum()),
            "harmless_rejected": int((~holds & outcomes.rejected).sum()),
            "harmless_queued": int((~holds & ~outcomes.approved & ~outcomes.rejected).sum()),
        }
    told = outcomes.told[:, LABELS.index(Label(label))]
    return {"missed": int((holds & ~told).sum()), "false": int((~holds & told).sum())}


def _truth(rows: Sequence[Example], label: str) -> tuple[Flags, Flags]:
    if label == ANY:
        return np.ones(len(rows), bool), np.array([row.harmful for row in rows], bool)
    wanted = Label(label)
    known = np.array([wanted in row.known for row in rows], bool)
    return known, np.array([row.known.get(wanted, False) for row in rows], bool)


def _at(outcomes: Outcomes, at: Places) -> Outcomes:
    return Outcomes(*(getattr(outcomes, name)[at] for name in Outcomes.__slots__))


def _verdicts(outcomes: Outcomes) -> dict[str, int]:
    approved, rejected = int(outcomes.approved.sum()), int(outcomes.rejected.sum())
    queued = int(outcomes.approved.size) - approved - rejected
    return {"approve": approved, "review": queued, "reject": rejected}


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}
