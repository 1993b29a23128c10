"""What came in and what was decided, as sums that can be kept and added up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moderation.domain.overview import (
    HOUR,
    Decided,
    LabelTally,
    PersonTally,
    tally_labels,
    tally_people,
)
from moderation.domain.verdict import LABELS, Label

Hourly = dict[datetime, dict[str, int]]
Figures = Mapping[str, Any]


@dataclass(slots=True)
class Activity:
    """The sums of a stretch of time, of one place or of several."""

    arrivals: Hourly = field(default_factory=dict)
    decisions: Hourly = field(default_factory=dict)
    labels: dict[Label, LabelTally] = field(
        default_factory=lambda: {label: LabelTally() for label in LABELS}
    )
    people: dict[str, PersonTally] = field(default_factory=dict)

    @classmethod
    def of(cls, arrivals: Hourly, decided: Iterable[Decided]) -> "Activity":
        """Sum up what came in, by hour, and one by one what was decided."""
        rows = list(decided)
        made: Hourly = {}
        for one in rows:
            _count(made, _hour_of(one.decided_at), one.decision.value, 1)
        return cls(arrivals, made, tally_labels(rows), tally_people(rows))

    def add(self, other: "Activity") -> None:
        """Add the sums of another time or place to these."""
        for mine, theirs in (
            (self.arrivals, other.arrivals),
            (self.decisions, other.decisions),
        ):
            for hour, counts in theirs.items():
                for kind, number in counts.items():
                    _count(mine, hour, kind, number)
        for label, tally in other.labels.items():
            _add_label(self.labels[label], tally)
        for name, person in other.people.items():
            _add_person(self.people.setdefault(name, PersonTally()), person)

    def by_decisions(self) -> dict[str, PersonTally]:
        """Return the people, those first who decided most."""
        return dict(sorted(self.people.items(), key=lambda pair: -pair[1].decided))

    def to_figures(self, begins: datetime) -> dict[str, Any]:
        """Return the sums of a day as plain values; hours are counted from its beginning."""
        return {
            "arrivals": _to_hours(self.arrivals, begins),
            "decisions": _to_hours(self.decisions, begins),
            "labels": {
                label.value: [tally.marked, tally.published, tally.overturned]
                for label, tally in self.labels.items()
                if tally != LabelTally()
            },
            "people": {
                name: [tally.approved, tally.rejected, tally.overturned, tally.waits]
                for name, tally in self.people.items()
            },
        }

    @classmethod
    def from_figures(cls, figures: Figures, begins: datetime) -> "Activity":
        """Read what ``to_figures`` gave of a day."""
        activity = cls(
            _from_hours(figures["arrivals"], begins), _from_hours(figures["decisions"], begins)
        )
        for name, counts in figures["labels"].items():
            activity.labels[Label(name)] = LabelTally(*counts)
        for name, tally in figures["people"].items():
            activity.people[name] = PersonTally(*tally)
        return activity


def _hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _count(counts: Hourly, hour: datetime, kind: str, number: int) -> None:
    named = counts.setdefault(hour, {})
    named[kind] = named.get(kind, 0) + number


def _add_label(mine: LabelTally, other: LabelTally) -> None:
    mine.marked += other.marked
    mine.published += other.published
    mine.overturned += other.overturned


def _add_person(mine: PersonTally, other: PersonTally) -> None:
    mine.approved += other.approved
    mine.rejected += other.rejected
    mine.overturned += other.overturned
    mine.waits += other.waits


def _to_hours(counts: Hourly, begins: datetime) -> dict[str, dict[str, int]]:
    return {str((hour - begins) // HOUR): named for hour, named in sorted(counts.items())}


def _from_hours(hours: Mapping[str, dict[str, int]], begins: datetime) -> Hourly:
    return {begins + int(number) * HOUR: dict(named) for number, named in hours.items()}
