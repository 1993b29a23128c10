"""How often a key and an address may call."""

import functools
import logging
import math
import time
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

WINDOW_S = 60

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
        self._storage = storage
        self._items = {
            "key": RateLimitItemPerMinute(per_key),
            "address": RateLimitItemPerMinute(per_address),
        }

    @functools.cached_property
    def _limiter(self) -> FixedWindowRateLimiter:
        return FixedWindowRateLimiter(storage_from_string(self._storage))

    def count_key(self, key_id: int) -> Allowance:
        """Count a request made with a key."""
        return self._count("key", str(key_id))

    def count_address(self, address: str | None) -> Allowance:
        """Count a request from an address, whatever key it brings."""
        return self._count("address", address or "unknown")

    def _count(self, policy: str, caller: str) -> Allowance:
        item = self._items[policy]
        try:
            allowed = self._limiter.hit(item, policy, caller)
            window = self._limiter.get_window_stats(item, policy, caller)
        except Exception:
            logger.exception("the storage of rate limits does not answer: %s", policy)
            return Allowance(policy, item.amount, True, item.amount, WINDOW_S)
        reset_s = max(1, math.ceil(window.reset_time - time.time()))
        return Allowance(policy, item.amount, allowed, window.remaining, reset_s)
