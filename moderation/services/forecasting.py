"""Show an editor what a policy would do before it is saved, and what the data can promise."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from scipy.special import betaincinv

from moderation.domain.forecast import Evidence, Forecast, fewest_needed, predict, turn
from moderation.domain.policy import Policy
from moderation.domain.scorer import Scorer
from moderation.domain.verdict import Verdict
from moderation.storage import scored
from moderation.storage.sites import Site

LATEST = 3_000
CONFIDENCE = 0.95
_DAY = timedelta(days=1)


class Promise(StrEnum):
    """Whether people's decisions bear the promise out.

    ``THIN``: too few to say. ``DOUBTED``: enough, and too many of them were rejections.
    ``BROKEN``: by the scores alone it cannot be kept.
    """

    KEPT = "kept"
    THIN = "thin"
    DOUBTED = "doubted"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Preview:
    """A policy the dial chose, with its forecast and the one for the policy that holds now."""

    policy: Policy
    allowed: int
    forecast: Forecast
    present: Forecast
    days: float
    promise: Promise
    bound: float | None
    needed: int

    def per_day(self, forecast: Forecast, verdict: Verdict) -> float:
        """Return how many comments a day get a verdict."""
        return forecast.counts[verdict] / self.days


def preview(
    tx: sa.Connection,
    site: Site,
    section: str,
    scorer: Scorer,
    present: Policy,
    *,
    allowed: int,
    now: datetime,
) -> Preview:
    """Turn the dial to ``allowed`` harmful comments in 1,000 published ones."""
    recent = scored.list_recent(tx, site.id, section, model_version=scorer.version, limit=LATEST)
    share = allowed / 1000
    policy = turn(scorer.policy, recent.samples, allowed=share, version="preview")
    forecast = predict(policy, recent.samples, base=scorer.policy)
    bound = upper_bound(forecast.evidence)
    span = _DAY if recent.since is None else max(now - recent.since, _DAY)
    return Preview(
        policy=policy,
        allowed=allowed,
        forecast=forecast,
        present=predict(present, recent.samples, base=scorer.policy),
        days=span / _DAY,
        promise=_promise(forecast, bound, share),
        bound=bound,
        needed=fewest_needed(share, CONFIDENCE),
    )


def upper_bound(evidence: Evidence) -> float | None:
    """Return the share that is harmful at most, with confidence (Clopper-Pearson, one-sided)."""
    tested, wrong = evidence.tested, evidence.wrong
    if tested == 0:
        return None
    return 1.0 if wrong == tested else float(betaincinv(wrong + 1, tested - wrong, CONFIDENCE))


def _promise(forecast: Forecast, bound: float | None, share: float) -> Promise:
    """Judge a promise by the comments people read.

    Those were held back because they looked worse than the rest, so a bound on them is a
    bound on all.
    """
    if forecast.slip_share > share:
        return Promise.BROKEN
    if bound is not None and bound <= share:
        return Promise.KEPT
    enough = forecast.evidence.tested >= fewest_needed(share, CONFIDENCE)
    return Promise.DOUBTED if enough else Promise.THIN
