"""How often a key and an address may call."""

import functools
import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

WINDOW_S = 60
IN_MEMORY = "memory://"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a window after a request was counted."""

    policy: str
    quota: int
    allowed: bool
    remaining: int
    reset_s: int


class RateLimits:
    """Counts requests in fixed windows of a minute.

    Nothing is opened before the first request, so that a process may fork. In memory each
    worker counts for itself; with Redis they count together. A Redis that fails lets every
    request pass: a limit protects the service's speed, not its comments.
    """

    def __init__(self, storage: str, *, per_key: int, per_address: int) -> None:
        self._quotas = {"key": per_key, "address": per_address}
        self._windows: _LocalWindows | _SharedWindows = (
            _LocalWindows() if storage == IN_MEMORY else _SharedWindows(storage)
        )

    def count_key(self, key_id: int) -> Allowance:
        """Count a request made with a key."""
        return self._count("key", str(key_id))

    def count_address(self, address: str | None) -> Allowance:
        """Count a request from an address, whatever key it brings."""
        return self._count("address", address or "unknown")

    def _count(self, policy: str, caller: str) -> Allowance:
        quota = self._quotas[policy]
        try:
            counted, left_s = self._windows.hit(policy, caller, quota)
        except Exception:
            logger.exception("the storage of rate limits does not answer: %s", policy)
            return Allowance(policy, quota, True, quota, WINDOW_S)
        remaining = max(0, quota - counted)
        return Allowance(policy, quota, counted <= quota, remaining, max(1, math.ceil(left_s)))


class _LocalWindows:
    """Counts in this process.

    The library's own memory storage took a twentieth of the time a comment was taken in, and
    keeps a timer thread awake a hundred times a second.
    """

    MOST_KEPT = 50_000

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._ends: dict[tuple[str, str], float] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def hit(self, policy: str, caller: str, _quota: int) -> tuple[int, float]:
        """Count one; return how many this window has seen, and how long it still lasts."""
        who, now = (policy, caller), self._clock()
        with self._lock:
            if self._ends.get(who, 0.0) <= now:
                self._forget_ended(now)
                self._ends[who], self._counts[who] = now + WINDOW_S, 0
            self._counts[who] += 1
            return self._counts[who], self._ends[who] - now

    def _forget_ended(self, now: float) -> None:
        if len(self._ends) < self.MOST_KEPT:
            return
        for who in [who for who, ends in self._ends.items() if ends <= now]:
            del self._ends[who], self._counts[who]


class _SharedWindows:
    """Counts where every worker and machine sees it."""

    def __init__(self, storage: str) -> None:
        self._storage = storage

    @functools.cached_property
    def _limiter(self) -> FixedWindowRateLimiter:
        return FixedWindowRateLimiter(storage_from_string(self._storage))

    def hit(self, policy: str, caller: str, quota: int) -> tuple[int, float]:
        """Count one; return how many this window has seen, and how long it still lasts."""
        item = RateLimitItemPerMinute(quota)
        allowed = self._limiter.hit(item, policy, caller)
        window = self._limiter.get_window_stats(item, policy, caller)
        counted = quota - window.remaining if allowed else quota + 1
        return counted, window.reset_time - time.time()
