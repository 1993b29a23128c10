"""The desk's overview of a period: what came in, who decided what, and how long it took."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from moderation.domain.overview import (
    HOUR,
    LabelTally,
    Period,
    PersonTally,
    Waits,
    bucket,
    share_of_people,
)
from moderation.domain.reach import Reach
from moderation.domain.verdict import Label, Verdict
from moderation.services import day_figures, spot_checks
from moderation.services.spot_checks import Measured
from moderation.storage import activity

LONGEST_BY_HOUR = timedelta(days=8)
_DAY = timedelta(days=1)

Steps = list[tuple[datetime, dict[str, int]]]


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything one page shows of a period."""

    period: Period
    step: timedelta
    waiting: int
    oldest: datetime | None
    arrivals: Steps
    decisions: Steps
    verdicts: dict[str, int]
    people_share: float | None
    labels: dict[Label, LabelTally]
    people: dict[str, PersonTally]
    waits: Waits
    precision: dict[Verdict, Measured]


def look(tx: sa.Connection, period: Period, reach: Reach, *, site_id: int | None) -> Overview:
    """Return the overview of what lies within a person's reach."""
    sums = day_figures.gather(tx, period, reach, site_id=site_id)
    waiting, oldest = activity.find_waiting(tx, reach, site_id=site_id)
    step = HOUR if period.end - period.start <= LONGEST_BY_HOUR else _DAY
    verdicts: Counter[str] = Counter()
    for counts in sums.arrivals.values():
        verdicts.update(counts)
    return Overview(
        period=period,
        step=step,
        waiting=waiting,
        oldest=oldest,
        arrivals=bucket(sums.arrivals, period, step),
        decisions=bucket(sums.decisions, period, step),
        verdicts=dict(verdicts),
        people_share=share_of_people(verdicts),
        labels=sums.labels,
        people=sums.by_decisions(),
        waits=Waits.of([wait for tally in sums.people.values() for wait in tally.waits]),
        precision=spot_checks.measure(tx, period, reach, site_id=site_id),
    )
