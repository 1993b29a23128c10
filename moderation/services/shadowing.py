"""Let a challenger read a share of the live comments, beside the answers and never in their way."""

import logging
import os
import queue
import threading
from contextlib import suppress
from dataclasses import dataclass

from moderation.domain.agreement import is_drawn
from moderation.domain.scorer import Passage, Reading, Scorer
from moderation.metrics import SHADOWED
from moderation.storage import shadow
from moderation.storage.comments import StoredComment
from moderation.storage.engine import Database
from moderation.storage.shadow import Answer, Pair

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Offered:
    comment: StoredComment
    passage: Passage


class Shadow:
    """Keeps what the challenger is to read in a short queue, and drops what finds no room."""

    MOST_WAITING = 500
    TOGETHER = 32

    def __init__(self, database: Database, challenger: Scorer, share: float) -> None:
        self._database = database
        self._challenger = challenger
        self._share = share
        self._waiting: queue.Queue[_Offered] = queue.Queue(self.MOST_WAITING)
        self._lock = threading.Lock()
        self._reads_in: int | None = None

    def offer(self, comment: StoredComment, passage: Passage) -> None:
        """Let the challenger read a stored comment soon, if it is drawn; waits for nothing.

        A challenger that has become the champion has nothing more to say.
        """
        assessment = comment.assessment
        if not is_drawn(comment.id, self._share) or not assessment.scores:
            return
        if assessment.model_version == self._challenger.version:
            return
        try:
            self._waiting.put_nowait(_Offered(comment, passage))
        except queue.Full:
            SHADOWED.labels("dropped").inc()
            return
        if self._reads_in != os.getpid():
            self._start()

    def settle(self) -> None:
        """Wait until everything offered so far is read."""
        self._waiting.join()

    def _start(self) -> None:
        """Start the reading thread of this process: the first offer comes after the fork."""
        with self._lock:
            if self._reads_in == os.getpid():
                return
            self._reads_in = os.getpid()
            threading.Thread(target=self._read_for_ever, name="shadow", daemon=True).start()

    def _read_for_ever(self) -> None:
        while True:
            some = [self._waiting.get()]
            with suppress(queue.Empty):
                while len(some) < self.TOGETHER:
                    some.append(self._waiting.get_nowait())
            self._read(some)
            for _ in some:
                self._waiting.task_done()

    def _read(self, some: list[_Offered]) -> None:
        try:
            readings = self._challenger.read([one.passage for one in some])
            pairs = [
                self._compare(one.comment, reading)
                for one, reading in zip(some, readings, strict=True)
            ]
            self._database.write(lambda tx: shadow.add(tx, pairs))
        except Exception:
            SHADOWED.labels("failed").inc(len(some))
            logger.exception("the challenger failed", extra={"comments": len(some)})
        else:
            SHADOWED.labels("scored").inc(len(some))

    def _compare(self, comment: StoredComment, reading: Reading) -> Pair:
        """Judge as the challenger would in service: by its own policy and the same rules."""
        champion = comment.assessment
        policy = self._challenger.policy
        outcome = reading.judged_by(policy, champion.rules)
        return Pair(
            comment.id,
            comment.received_at,
            Answer(champion.model_version, champion.verdict, champion.scores),
            Answer(self._challenger.version, outcome.verdict, reading.scores),
        )
