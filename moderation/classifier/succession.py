"""Follow ``champion.json``: load what it newly names, and hand it over once it is proven."""

import logging
import math
import threading
from collections.abc import Callable
from pathlib import Path

from moderation.classifier.artifact import POINTER, champion_version, load_version
from moderation.domain.scorer import Passage, Scorer
from moderation.domain.verdict import LABELS
from moderation.errors import ArtefactError
from moderation.metrics import CHAMPIONS

logger = logging.getLogger(__name__)

EVERY_S = 1.0
_TRIAL = Passage("Terima kasih, beritanya lengkap. GACOR 88!")


class Succession:
    """Notices by one ``stat`` that the pointer changed; what it named before serves meanwhile.

    A version is never changed once it was named, so the one that serves is not loaded again. A
    champion that is refused is tried again when the pointer is written again.
    """

    def __init__(self, models_dir: Path, serving: str, hand_over: Callable[[Scorer], None]) -> None:
        self._models_dir = models_dir
        self._serving = serving
        self._hand_over = hand_over
        self._seen: tuple[int, int, int] | None = None

    def look(self) -> None:
        """Hand the pointer's champion over if it is another one than serves, and sound."""
        seen = self._state_of_pointer()
        if seen == self._seen:
            return
        self._seen = seen
        try:
            version = champion_version(self._models_dir)
            if version == self._serving:
                return
            scorer = load_version(self._models_dir, version)
            _prove(scorer)
        except Exception:
            CHAMPIONS.labels("refused").inc()
            logger.exception("new champion refused, %s serves on", self._serving or "none")
            return
        self._hand_over(scorer)
        logger.info("champion %s serves in the place of %s", version, self._serving or "none")
        CHAMPIONS.labels("taken").inc()
        self._serving = version

    def follow(self, *, every_s: float = EVERY_S) -> threading.Thread:
        """Look now, then again and again beside the requests until the process ends."""
        self.look()
        thread = threading.Thread(
            target=self._look_for_ever, args=(every_s,), name="succession", daemon=True
        )
        thread.start()
        return thread

    def _look_for_ever(self, every_s: float) -> None:
        never = threading.Event()
        while not never.wait(every_s):
            self.look()

    def _state_of_pointer(self) -> tuple[int, int, int] | None:
        try:
            found = (self._models_dir / POINTER).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size


def _prove(scorer: Scorer) -> None:
    """Let a new champion read something before any reader's comment depends on it."""
    scores = scorer.read([_TRIAL])[0].scores
    if set(scores) != set(LABELS) or not all(map(math.isfinite, scores.values())):
        raise ArtefactError(f"{scorer.version} gives no score to a trial text")
