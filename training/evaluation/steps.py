"""Say what an evaluation is at, and how long each step took."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Log = Callable[[str], None]


@dataclass
class Steps:
    """The steps taken so far with their seconds, in order."""

    log: Log
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a block, and say that it is over."""
        began = time.perf_counter()
        yield
        took = round(time.perf_counter() - began, 1)
        self.seconds[name] = took
        self.log(f"{name}: {took:.1f} s")
