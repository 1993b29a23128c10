"""Work spread over two processes gives what it gives here, whatever happens to one of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.cluster import spreading
from moderation.errors import ClusterError
from tests.cluster import dask_cluster


def add(shared: int, item: int) -> int:
    return shared + item


def test_without_a_name_the_work_is_done_here() -> None:
    with spreading(None) as spread:
        assert list(spread(add, 10, range(3))) == [10, 11, 12]


def test_a_killed_worker_loses_nothing_and_the_order_stays(tmp_path: Path) -> None:
    with dask_cluster(tmp_path) as cluster:

        def items() -> Iterator[int]:
            for number in range(60):
                if number == 20:
                    cluster.kill_a_worker()
                yield number

        with spreading(cluster.address) as spread:
            assert list(spread(divmod, 1000, (one + 1 for one in items()))) == [
                divmod(1000, one + 1) for one in range(60)
            ]


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moderation.cluster._CONNECT_S", 0.2)

    named = pytest.raises(ClusterError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9")
    with named, spreading("tcp://127.0.0.1:9"):
        pass
