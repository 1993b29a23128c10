"""How many requests one process works on at a time, and how many may wait for that."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Lets some work and some wait; whoever is more hears at once that it is too much.

    A queue without an end makes every answer late; a short one keeps the service at full speed
    whatever arrives.
    """

    def __init__(self, *, at_once: int, waiting: int, patience_s: float) -> None:
        self._free = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + waiting)
        self._patience_s = patience_s

    @contextmanager
    def entered(self) -> Iterator[bool]:
        """Say whether the block may work; false at once if too many wait, or after patience."""
        if not self._places.acquire(blocking=False):
            yield False
            return
        try:
            if not self._free.acquire(timeout=self._patience_s):
                yield False
                return
            try:
                yield True
            finally:
                self._free.release()
        finally:
            self._places.release()
