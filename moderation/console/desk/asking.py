"""What the address of a desk page asks for: days, and a site within reach."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask import abort, request

from moderation.domain.days import day_of, midnight
from moderation.domain.overview import Period
from moderation.domain.reach import Reach
from moderation.storage import sites
from moderation.storage.sites import Site

MOST_DAYS = 92
USUAL_DAYS = 7


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day asked for, in Western Indonesia, both included."""

    first: date
    last: date

    @classmethod
    def asked(cls, now: datetime, *, usual: int = USUAL_DAYS) -> "Days":
        """Read the days from the request; what makes no sense counts as absent."""
        today = day_of(now)
        last = min(_read_day("to") or today, today)
        first = _read_day("from") or last - timedelta(days=usual - 1)
        first = min(max(first, last - timedelta(days=MOST_DAYS - 1)), last)
        return cls(first, last)

    def to_period(self) -> Period:
        """Return the moments they span."""
        return Period(midnight(self.first), midnight(self.last + timedelta(days=1)))

    def to_query(self) -> dict[str, str]:
        """Return them for ``url_for``."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}


def sites_within(tx: sa.Connection, reach: Reach) -> list[Site]:
    """Return the sites of which a person sees at least a part."""
    seen = {site for site, _ in reach.places}
    return [one for one in sites.list_sites(tx) if reach.everywhere or one.id in seen]


def asked_site(choices: list[Site], name: str) -> Site | None:
    """Return the site named, ``None`` for no name; one out of reach does not exist."""
    if not name:
        return None
    named = [one for one in choices if one.name == name]
    return named[0] if named else abort(404)


def _read_day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
