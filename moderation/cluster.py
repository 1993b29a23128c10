"""Spread work over the machines of a Dask cluster, or do it here when none is named."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from moderation.errors import ClusterError

if TYPE_CHECKING:
    from distributed import Client

S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")

# Tasks handed out beyond those at work, so that no worker waits for the next one.
_AHEAD = 3
_CONNECT_S = 20


class Spread(Protocol):
    """Calls ``work(shared, item)`` for each item and gives the results in the order of the items.

    Items are taken as they are needed, so there may be more of them than memory holds. ``work``
    must give the same for the same: one whose worker died is done again elsewhere.
    """

    def __call__(self, work: Callable[[S, T], R], shared: S, items: Iterable[T]) -> Iterator[R]:
        """Begin the work; it goes on as the results are taken."""


@contextmanager
def spreading(scheduler: str | None) -> Iterator[Spread]:
    """Open the cluster whose scheduler is named; without a name the work is done here."""
    if scheduler is None:
        yield _here
        return
    with connected(scheduler) as client:
        yield _Cluster(client)


@contextmanager
def connected(scheduler: str) -> Iterator["Client"]:
    """Open a client of a Dask cluster, and close it; the cluster goes on."""
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise ClusterError(
            "several machines need Dask: install requirements-training.txt, here and on each"
        ) from error
    # The model is sent once, whole; Dask would warn of its size.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GB"}):
        try:
            client: Client = Client(  # type: ignore[no-untyped-call]
                scheduler, timeout=_CONNECT_S, set_as_default=False
            )
        except (OSError, ValueError) as error:
            raise ClusterError(f"no Dask scheduler answers at {scheduler}: {error}") from error
        with client:
            yield client


def _here(work: Callable[[S, T], R], shared: S, items: Iterable[T]) -> Iterator[R]:
    return (work(shared, item) for item in items)


class _Cluster:
    def __init__(self, client: "Client") -> None:
        self._client = client

    def __call__(self, work: Callable[[S, T], R], shared: S, items: Iterable[T]) -> Iterator[R]:
        # A task like any other, not scattered data: when its holder dies it is made again.
        kept = self._client.submit(_same, shared, pure=False)
        handed_out: deque[Any] = deque()
        for item in items:
            handed_out.append(self._client.submit(work, kept, item, pure=False))
            if len(handed_out) > self._room():
                yield handed_out.popleft().result()
        while handed_out:
            yield handed_out.popleft().result()

    def _room(self) -> int:
        """Return how many tasks may be handed out; workers come and go."""
        threads: Mapping[str, int] = self._client.nthreads()  # type: ignore[no-untyped-call]
        return _AHEAD * max(2, sum(threads.values()))


def _same(shared: S) -> S:
    return shared
