"""Tighten the thresholds while an article is hot, and relax them afterwards."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from moderation.domain.rules import Rule
from moderation.errors import NotFoundError
from moderation.storage import audit, hot_articles
from moderation.storage.hot_articles import Traffic

logger = logging.getLogger(__name__)

CALMED_FOR = timedelta(hours=4)
_MACHINE = "rule hot_article"


@dataclass(frozen=True, slots=True)
class HeatChange:
    """What an article's measuring leaves to be written; ``until`` of ``None`` cools it."""

    traffic: Traffic
    until: datetime | None
    was_hot: bool


@dataclass(frozen=True, slots=True)
class Heat:
    """Whether an article is hot, and what that leaves to be written."""

    hot: bool
    change: HeatChange | None = None


class Thermometer:
    """Measures an article at most once in ``MEMORY`` a process."""

    MEMORY = timedelta(seconds=10)
    MOST_REMEMBERED = 10_000

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], tuple[datetime, bool]] = {}

    def recall(self, site_id: int, article_id: str, *, now: datetime) -> Heat | None:
        """Return what was measured a moment ago; ``None`` if it is time to look again."""
        known = self._known.get((site_id, article_id))
        if known is None or now - known[0] >= self.MEMORY:
            return None
        return Heat(known[1])

    def measure(
        self, tx: sa.Connection, rule: Rule, site_id: int, article_id: str, *, now: datetime
    ) -> Heat:
        """Look at an article's last comments; nothing is written yet."""
        wanted = rule.parameters
        since = now - timedelta(minutes=wanted["window_minutes"])
        traffic = hot_articles.measure(tx, site_id, article_id, since=since)
        known = hot_articles.find_known(tx, site_id, article_id)
        until = None if known is None else known.until
        if known is not None and known.calmed_until is not None and now < known.calmed_until:
            self._remember(site_id, article_id, now, hot=False)
            return Heat(False)
        surges = traffic.comments >= wanted["comments"] or (
            traffic.rejected >= wanted["at_least"]
            and traffic.rejected >= wanted["rejected_share"] * traffic.comments
        )
        hot = surges or (until is not None and now < until)
        self._remember(site_id, article_id, now, hot=hot)
        if surges:
            calm_from = now + timedelta(minutes=wanted["calm_minutes"])
            return Heat(True, HeatChange(traffic, calm_from, until is not None))
        if until is not None and not hot:
            return Heat(False, HeatChange(traffic, None, True))
        return Heat(hot)

    def _remember(self, site_id: int, article_id: str, now: datetime, *, hot: bool) -> None:
        if len(self._known) >= self.MOST_REMEMBERED:
            self._known.clear()
        self._known[site_id, article_id] = (now, hot)


def calm(tx: sa.Connection, site_id: int, article_id: str, *, by: str, now: datetime) -> None:
    """Relax an article's thresholds at once, whatever comes in the next hours.

    Raises:
        NotFoundError: it is not hot.
    """
    _set_calmed(tx, site_id, article_id, now + CALMED_FOR, "article.calmed", by, now)


def tighten_again(
    tx: sa.Connection, site_id: int, article_id: str, *, by: str, now: datetime
) -> None:
    """Let an article's surges count again, as if nobody had calmed it."""
    _set_calmed(tx, site_id, article_id, None, "article.uncalmed", by, now)


def _set_calmed(
    tx: sa.Connection,
    site_id: int,
    article_id: str,
    until: datetime | None,
    act: str,
    by: str,
    now: datetime,
) -> None:
    if not hot_articles.set_calmed(tx, site_id, article_id, until=until, by=by):
        raise NotFoundError(f"the article {article_id!r} is not hot")
    audit.record(tx, at=now, actor=by, act=act, subject=article_id, site_id=site_id)


def keep(
    tx: sa.Connection, change: HeatChange, site_id: int, article_id: str, *, now: datetime
) -> None:
    """Write and log that an article became hot, stays so, or is calm again."""
    if change.until is not None:
        hot_articles.heat(tx, site_id, article_id, change.traffic, now=now, until=change.until)
        if not change.was_hot:
            _log(tx, "article.hot", change.traffic, site_id, article_id, now)
    elif hot_articles.cool(tx, site_id, article_id):
        _log(tx, "article.calm", change.traffic, site_id, article_id, now)


def _log(
    tx: sa.Connection, act: str, traffic: Traffic, site_id: int, article_id: str, now: datetime
) -> None:
    detail = {"comments": traffic.comments, "rejected": traffic.rejected}
    logger.info(act, extra={"site": site_id, "article": article_id, **detail})
    audit.record(
        tx, at=now, actor=_MACHINE, act=act, subject=article_id, site_id=site_id, detail=detail
    )
