"""Compile the few loops over characters and n-grams, and keep the machine code beside the source.

Compiling takes some twenty seconds in all, loading what was compiled half of one.
"""

import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from numba import config, njit
from numba.core.caching import InTreeCacheLocator

logger = logging.getLogger(__name__)

Loop = TypeVar("Loop", bound=Callable[..., Any])

# What was compiled on one machine runs on every other of its kind, and adds in the same order;
# the instructions of newer processors gain nothing here, and vectors of two slow some loops down.
config.CPU_NAME, config.CPU_FEATURES = "generic", ""
config.LOOP_VECTORIZE = 0


class BesideSource(InTreeCacheLocator):  # type: ignore[misc]  # seen without types, see pyproject
    """Keeps machine code in ``__pycache__``, or where ``NUMBA_CACHE_DIR`` says.

    Unlike numba's own, it reads also where it cannot write, and counts as stale when any module
    of the package changed: a loop takes constants and inner loops from others than its own.
    """

    def __init__(self, function: Callable[..., Any], file: str) -> None:
        super().__init__(function, file)
        if config.CACHE_DIR:
            subfolder = self.get_suitable_cache_subpath(file)
            self._cache_path = str(Path(config.CACHE_DIR) / subfolder)

    def ensure_cache_path(self) -> None:
        """Make the folder if that is possible; without it there is nothing to read either."""
        with suppress(OSError):
            Path(self.get_cache_path()).mkdir(parents=True, exist_ok=True)

    def get_source_stamp(self) -> bytes:
        """Return a digest of the package's sources."""
        return _digest_of_sources()


@cache
def _digest_of_sources() -> bytes:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()


config.CACHE_LOCATOR_CLASSES = f"{__name__}.{BesideSource.__name__}"


def compiled(signature: str) -> Callable[[Loop], Loop]:
    """Compile a function for the one signature it is called with, now rather than at first use.

    So the workers of a server share what was loaded before they were made, and no request waits
    for a compiler. The function checks no index: whoever calls it answers for the sizes.
    """

    def compile_now(function: Loop) -> Loop:
        # It keeps other threads waiting for the microseconds it takes. One that lets them go first
        # waits for them in its turn, up to 5 ms each time: measured beside busy threads, the
        # slowest comment in a hundred took 11 ms instead of 0.4, and fewer were scored.
        loop: Any = njit(cache=True)(function)
        try:
            loop.compile(signature)
        except Exception as error:  # what was kept may be cut short, or its folder closed
            logger.warning("%s is compiled and not kept: %s", function.__name__, error)
            if not loop.signatures:
                loop = _compile_alone(loop, function, signature)
        loop.disable_compile()
        kept: Loop = loop
        return kept

    return compile_now


def _compile_alone(spoilt: Any, function: Loop, signature: str) -> Any:
    with suppress(OSError):
        spoilt.recompile()  # nothing yet, so this only empties what is kept, for the next start
    loop = njit(function)
    loop.compile(signature)
    return loop


def inlined(function: Loop) -> Loop:
    """Let compiled functions call this one; it becomes part of each."""
    inner: Loop = njit(function)
    return inner
