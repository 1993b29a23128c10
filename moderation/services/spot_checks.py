"""Show people a random share of what the machine answers alone, and count how often they agree."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from scipy.special import betaincinv

from moderation.domain import spot_check
from moderation.domain.overview import Period
from moderation.domain.reach import Reach
from moderation.domain.spot_check import Precision, is_drawn
from moderation.domain.verdict import Verdict
from moderation.services.consulting import Keep
from moderation.services.queueing import item_for
from moderation.storage import comments, queue, spot_checks
from moderation.storage.comments import StoredComment
from moderation.storage.identity import Pseudonyms

CONFIDENCE = 0.95


class SpotChecks:
    """Draws comments at intake; the verdict stands, and no site is told that anything waits."""

    def __init__(self, pseudonyms: Pseudonyms, share: float) -> None:
        self._pseudonyms = pseudonyms
        self._share = share

    def draw(self, comment: StoredComment, keep: Keep | None) -> Keep | None:
        """Return what is to be written beside a comment, its place in the queue if it is drawn."""
        if not self._share or comment.assessment.verdict not in spot_check.AUTOMATIC:
            return keep
        named = f"{comment.site_id}:{comment.comment_id}"
        if not is_drawn(self._pseudonyms.hash("spot-check", named), self._share):
            return keep

        def keep_and_queue(tx: sa.Connection, pk: UUID, now: datetime) -> None:
            if keep is not None:
                keep(tx, pk, now)
            _queue(tx, comment, now)

        return keep_and_queue


def _queue(tx: sa.Connection, comment: StoredComment, now: datetime) -> None:
    if comments.has_newer(tx, comment.site_id, comment.comment_id, comment.revision):
        return
    queue.add(tx, item_for(comment, now=now, spot_check=True))


@dataclass(frozen=True, slots=True)
class Measured:
    """A verdict's precision, and the interval it lies in with ``CONFIDENCE``."""

    precision: Precision
    low: float | None
    high: float | None


def measure(
    tx: sa.Connection, period: Period, reach: Reach, *, site_id: int | None
) -> dict[Verdict, Measured]:
    """Return how right the machine's own verdicts of a period were."""
    counts = spot_checks.count(tx, period, reach, site_id=site_id)
    return {
        verdict: Measured(precision, *interval(precision.agreed, precision.answered))
        for verdict, precision in spot_check.tally(counts).items()
    }


def interval(agreed: int, answered: int) -> tuple[float | None, float | None]:
    """Return the exact binomial interval (Clopper-Pearson), nothing where nobody answered."""
    if not answered:
        return None, None
    tail = (1 - CONFIDENCE) / 2
    low = float(betaincinv(agreed, answered - agreed + 1, tail)) if agreed else 0.0
    disagreed = answered - agreed
    high = float(betaincinv(agreed + 1, disagreed, 1 - tail)) if disagreed else 1.0
    return low, high
