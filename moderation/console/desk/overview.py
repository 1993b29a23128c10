"""The overview: numbers of some days as charts, tables and files."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from moderation.console.auth import current_reach
from moderation.console.desk.access import EDITORS, page
from moderation.console.desk.asking import Days, asked_site, sites_within
from moderation.console.desk.changing import drift_table, exact_percent, phrases_table
from moderation.console.desk.charts import BarChart, stack
from moderation.console.desk.downloads import as_csv
from moderation.console.languages import say
from moderation.console.wording import LABEL_NAMES, WIB, day_month, duration, percent
from moderation.domain.decision import Decision
from moderation.domain.overview import HOUR, PersonTally, Waits
from moderation.domain.verdict import Verdict
from moderation.runtime import runtime
from moderation.services import overview
from moderation.services.overview import Overview, Steps
from moderation.services.spot_checks import Measured
from moderation.storage import users
from moderation.storage.drift import Place

VERDICT_SERIES = (
    (Verdict.APPROVE.value, "Terbit otomatis"),
    (Verdict.REVIEW.value, "Perlu ditinjau"),
    (Verdict.REJECT.value, "Ditolak otomatis"),
)
DECISION_SERIES = (
    (Decision.APPROVE.value, "Diterbitkan"),
    (Decision.REJECT.value, "Ditolak"),
)

_LABEL_HEADER = (
    "Jenis",
    "Ditandai mesin lalu diputuskan",
    "Diterbitkan redaksi",
    "Bagian",
    "Keputusan diubah",
)
_PRECISION_HEADER = (
    "Putusan mesin",
    "Dicek",
    "Disetujui orang",
    "Bagian",
    "Rentang",
    "Belum dicek",
)
_PEOPLE_HEADER = (
    "Moderator",
    "Diterbitkan",
    "Ditolak",
    "Waktu tengah",
    "9 dari 10 dalam",
    "Kemudian diubah",
)


@page("/overview", EDITORS)
def show_overview() -> ResponseReturnValue:
    """Show what came in and what was decided."""
    service = runtime()
    days = Days.asked(service.clock())
    with service.database.reading() as tx:
        reach = current_reach(tx)
        choices = sites_within(tx, reach)
        site = asked_site(choices, request.args.get("site", ""))
        site_id = None if site is None else site.id
        found = overview.look(tx, days.to_period(), reach, site_id=site_id)
        place = Place(reach, site_id)
        changes = service.changes.look(tx, service.scorer, place, now=service.clock())
        names = users.display_names(tx)
    tables = _tables(found, names)
    tables |= {
        "drift": drift_table(changes.measures),
        "phrases": phrases_table(changes.surges),
    }
    wanted = request.args.get("table")
    if wanted is not None:
        header, rows = tables.get(wanted) or abort(404)
        return as_csv(f"ikhtisar-{wanted}-{days.first}-{days.last}", header, rows)
    return render_template(
        "console/desk/overview.html",
        found=found,
        days=days,
        query={**days.to_query(), "site": site.name if site else ""},
        site=site,
        choices=choices,
        tables=tables,
        charts=_charts(found),
        changes=changes,
        now=service.clock(),
    )


def _charts(found: Overview) -> dict[str, BarChart]:
    unit = "jam" if found.step == HOUR else "hari"
    return {
        "arrivals": _chart("arrivals", f"Komentar masuk per {unit}", VERDICT_SERIES, found),
        "decisions": _chart("decisions", f"Keputusan redaksi per {unit}", DECISION_SERIES, found),
    }


def _chart(name: str, title: str, legend: Sequence[tuple[str, str]], found: Overview) -> BarChart:
    steps: Steps = found.arrivals if name == "arrivals" else found.decisions
    total = sum(sum(counts.values()) for _, counts in steps)
    busiest, counts = max(steps, key=lambda step: sum(step[1].values()))
    description = say(
        "Seluruhnya {count}. Terbanyak {most}, pada {time}.",
        count=total,
        most=sum(counts.values()),
        time=_when(busiest),
    )
    bars = [(day_month(begins), counts) for begins, counts in steps]
    return stack(name, title, description, legend, bars)


def _tables(found: Overview, names: dict[str, str]) -> dict[str, tuple[list[str], list[list[Any]]]]:
    return {
        "arrivals": _steps_table(found.arrivals, found.step, VERDICT_SERIES),
        "decisions": _steps_table(found.decisions, found.step, DECISION_SERIES),
        "labels": (
            list(_LABEL_HEADER),
            [
                [
                    LABEL_NAMES[label],
                    tally.marked,
                    tally.published,
                    percent(tally.published / tally.marked) if tally.marked else "–",
                    tally.overturned,
                ]
                for label, tally in found.labels.items()
            ],
        ),
        "precision": (
            list(_PRECISION_HEADER),
            [_precision_row(verdict, one) for verdict, one in found.precision.items()],
        ),
        "people": (
            list(_PEOPLE_HEADER),
            [_person_row(names.get(who, who), tally) for who, tally in found.people.items()],
        ),
    }


def _precision_row(verdict: Verdict, found: Measured) -> list[Any]:
    precision = found.precision
    share = "–" if precision.share is None else exact_percent(precision.share)
    between = "–"
    if found.low is not None and found.high is not None:
        between = f"{exact_percent(found.low)} sampai {exact_percent(found.high)}"
    name = dict(VERDICT_SERIES)[verdict.value]
    return [name, precision.answered, precision.agreed, share, between, precision.waiting]


def _steps_table(
    steps: Steps, step: timedelta, series: Sequence[tuple[str, str]]
) -> tuple[list[str], list[list[Any]]]:
    rows: list[list[Any]] = [
        [_when(begins) if step == HOUR else day_month(begins)]
        + [counts.get(name, 0) for name, _ in series]
        for begins, counts in steps
        if counts
    ]
    return ["Waktu (WIB)", *(words for _, words in series)], rows


def _person_row(name: str, tally: PersonTally) -> list[Any]:
    waits = Waits.of(tally.waits)
    return [
        name,
        tally.approved,
        tally.rejected,
        "–" if waits.median is None else duration(waits.median),
        "–" if waits.ninetieth is None else duration(waits.ninetieth),
        tally.overturned,
    ]


def _when(moment: datetime) -> str:
    return f"{day_month(moment)} {moment.astimezone(WIB):%H.%M}"
