"""What has changed in the comments lately, remembered for a while: measuring reads thousands."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import cachetools
import sqlalchemy as sa

from moderation.domain.drift import Measure
from moderation.domain.phrases import Surge
from moderation.domain.scorer import Scorer
from moderation.services import drift, phrases
from moderation.storage.drift import Place


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that was measured at a moment."""

    at: datetime
    measures: list[Measure]
    surges: list[Surge]


class ChangeWatch:
    """Measures each place and model at most once in ``MEMORY`` a process."""

    MEMORY = timedelta(minutes=10)
    MOST_REMEMBERED = 100

    def __init__(self) -> None:
        self._known: cachetools.LRUCache[tuple[Place, str], Changes] = cachetools.LRUCache(
            self.MOST_REMEMBERED
        )
        self._lock = threading.Lock()

    def look(self, tx: sa.Connection, scorer: Scorer, place: Place, *, now: datetime) -> Changes:
        """Return what was measured a while ago, or measure again."""
        asked = place, scorer.version
        with self._lock:
            known = self._known.get(asked)
            if known is None or now - known.at >= self.MEMORY:
                known = Changes(
                    now,
                    drift.measure(tx, scorer, place, now=now),
                    phrases.find_new(tx, place, now=now),
                )
                self._known[asked] = known
        return known
