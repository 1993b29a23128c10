"""What the desk's overview counts, from plain rows of arrivals and decisions."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from moderation.domain.decision import Decision
from moderation.domain.verdict import LABELS, Label, Verdict

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` on, until just before ``end``."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision, with when its comment began to wait and what was decided before it."""

    decided_by: str
    decision: Decision
    decided_at: datetime
    opened_at: datetime | None
    labels: tuple[Label, ...]
    previous: Decision | None
    previous_by: str | None

    @property
    def overturns(self) -> bool:
        """Say whether it put the opposite of an earlier decision in its place."""
        return self.previous is not None and self.previous is not self.decision


@dataclass(slots=True)
class LabelTally:
    """How people answered comments the machine marked with a label."""

    marked: int = 0
    published: int = 0
    overturned: int = 0


@dataclass(slots=True)
class PersonTally:
    """One person's decisions, and how long comments waited for them."""

    approved: int = 0
    rejected: int = 0
    overturned: int = 0
    waits: list[float] = field(default_factory=list)

    @property
    def decided(self) -> int:
        """Return how many decisions they made."""
        return self.approved + self.rejected


@dataclass(frozen=True, slots=True)
class Waits:
    """The wait half of the comments stayed within, and nine in ten, in seconds."""

    count: int
    median: float | None
    ninetieth: float | None

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Waits":
        """Summarise waits; the ninetieth is the smallest that nine in ten do not exceed."""
        if not seconds:
            return cls(0, None, None)
        ordered = sorted(seconds)
        rank = -(-len(ordered) * 9 // 10)
        return cls(len(ordered), statistics.median(ordered), ordered[rank - 1])


def tally_labels(decided: Iterable[Decided]) -> dict[Label, LabelTally]:
    """Count, for each label the machine gave, what people made of it."""
    tallies = {label: LabelTally() for label in LABELS}
    for one in decided:
        for label in one.labels:
            tally = tallies[label]
            if one.previous is None:
                tally.marked += 1
                tally.published += one.decision is Decision.APPROVE
            tally.overturned += one.overturns
    return tallies


def tally_people(decided: Iterable[Decided]) -> dict[str, PersonTally]:
    """Count each person's decisions; an overturn counts against whoever decided before."""
    tallies: defaultdict[str, PersonTally] = defaultdict(PersonTally)
    for one in decided:
        tally = tallies[one.decided_by]
        if one.decision is Decision.APPROVE:
            tally.approved += 1
        else:
            tally.rejected += 1
        if one.previous is None and one.opened_at is not None:
            tally.waits.append((one.decided_at - one.opened_at).total_seconds())
        if one.overturns and one.previous_by is not None:
            tallies[one.previous_by].overturned += 1
    return dict(sorted(tallies.items(), key=lambda pair: -pair[1].decided))


def bucket(
    counts: Mapping[datetime, Mapping[str, int]], period: Period, step: timedelta
) -> list[tuple[datetime, dict[str, int]]]:
    """Sum hourly counts into steps that begin with the period; empty steps are there too."""
    steps = max(1, -(-(period.end - period.start) // step))
    sums: list[Counter[str]] = [Counter() for _ in range(steps)]
    for hour, named in counts.items():
        place = (hour - period.start) // step
        sums[min(max(place, 0), steps - 1)].update(named)
    return [(period.start + place * step, dict(one)) for place, one in enumerate(sums)]


def share_of_people(arrivals: Mapping[str, int]) -> float | None:
    """Return the share of arrivals that went to a person, ``None`` where nothing arrived."""
    total = sum(arrivals.values())
    return arrivals.get(Verdict.REVIEW.value, 0) / total if total else None
