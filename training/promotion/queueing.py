"""How many comments people would have to read if both models had to keep the same promise."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moderation.domain.policy import Policy
from moderation.domain.verdict import LABELS
from training.promotion.reading import Outcomes
from training.thresholds import TOLERATED, upper_bound, upper_bounds

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

LOOSEST = 0.10
"""A bound beyond this, as after a handful of rejections, is no promise to be kept by anybody."""

_NEVER = -np.inf


@dataclass(frozen=True, slots=True)
class Guarantee:
    """Upper bounds, with 95% confidence, of what goes wrong without a person."""

    harmful_among_approved: float
    harmless_among_rejected: float


def guarantee_of(champion: Outcomes, harmful: Flags) -> Guarantee:
    """Return what the champion's own policy keeps on a set, within what makes sense to promise."""
    approved = _bound(champion.approved, harmful)
    rejected = _bound(champion.rejected, ~harmful)
    return Guarantee(min(max(approved, TOLERATED), LOOSEST), min(max(rejected, TOLERATED), LOOSEST))


def queue_at(outcomes: Outcomes, policy: Policy, harmful: Flags, kept: Guarantee) -> int:
    """Return the smallest queue with which a model keeps a guarantee on a set.

    All review thresholds are moved together by log-odds, as the dial moves them, and all reject
    thresholds too; a label that is never rejected stays so.
    """
    odds = _log_odds(outcomes.scores)
    review = np.array([policy.bands[label].review for label in LABELS])
    reject = np.array([policy.bands[label].reject or np.nan for label in LABELS])
    risk = np.where(outcomes.readable, (odds - _log_odds(review)).max(axis=1), np.inf)
    certain = np.where(np.isnan(reject), _NEVER, odds - _log_odds(reject)).max(axis=1)
    certain = np.where(outcomes.readable, certain, _NEVER)
    approved = _furthest(risk, harmful, kept.harmful_among_approved)
    rejected = _furthest(-certain, ~harmful, kept.harmless_among_rejected) & ~approved
    return int((~approved & ~rejected).sum())


def _furthest(order: Floats, wrong: Flags, allowed: float) -> Flags:
    """Return the rows up to the furthest place at which the bound of the wrong ones holds."""
    places = np.argsort(order, kind="stable")
    ordered, errors = order[places], np.cumsum(wrong[places], dtype=np.int64)
    ends = np.append(ordered[1:] != ordered[:-1], True) & np.isfinite(ordered)
    safe = np.flatnonzero(ends & (upper_bounds(errors, np.arange(1, order.size + 1)) <= allowed))
    chosen: Flags = order <= (ordered[safe[-1]] if safe.size else -np.inf)
    return chosen


def _bound(decided: Flags, wrong: Flags) -> float:
    """Return the bound of a share, 0 where nothing was decided: then nothing went wrong."""
    count = int(decided.sum())
    return upper_bound(int((decided & wrong).sum()), count) if count else 0.0


def _log_odds(scores: Floats) -> Floats:
    inside = np.clip(scores, 1e-9, 1 - 1e-9)
    odds: Floats = np.log(inside / (1 - inside))
    return odds
