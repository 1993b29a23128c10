"""Both ways of fitting agree, and a cluster gives what one machine gives."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from moderation.cluster import spreading
from moderation.domain.verdict import LABELS
from tests.cluster import dask_cluster
from training import fitting, tables
from training.examples import Example
from training.fitting import Fitted
from training.folding import folds_of
from training.learning import FOLDS, Learnt, learn
from training.streaming import HEADS, Truth
from training.tables import Table

Places = fitting.Places


@pytest.fixture(scope="module")
def rows(learnt: Learnt) -> list[Example]:
    return learnt.examples[::2]


@pytest.fixture(scope="module")
def truth(rows: list[Example]) -> Truth:
    return Truth.of(rows)


@pytest.fixture(scope="module")
def folds(rows: list[Example]) -> Places:
    return folds_of(rows, FOLDS)


@pytest.fixture(scope="module")
def table(rows: list[Example], folds: Places, tmp_path_factory: pytest.TempPathFactory) -> Table:
    with pytest.MonkeyPatch.context() as patch, spreading(None) as spread:
        patch.setattr(tables, "ROWS_A_PART", 120)
        folder = tmp_path_factory.mktemp("table")
        return tables.tabulate(rows, folds, folder, spread, at_least=3)


@pytest.fixture(scope="module")
def in_memory(truth: Truth, folds: Places, table: Table) -> Fitted:
    return fitting.fit(table, truth, folds, None, lambda _: None)


@pytest.fixture(scope="module")
def by_parts(truth: Truth, folds: Places, table: Table) -> Fitted:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fitting, "IN_MEMORY", 0)
        return fitting.fit(table, truth, folds, None, lambda _: None)


def test_fitting_by_parts_judges_held_out_rows_as_well_as_in_memory(
    truth: Truth, in_memory: Fitted, by_parts: Fitted
) -> None:
    for at in range(len(LABELS)):
        holds = truth.signs[:, at] > 0
        ours = average_precision_score(holds, by_parts.margins[:, at])
        theirs = average_precision_score(holds, in_memory.margins[:, at])
        assert ours > theirs - 0.02
        assert np.corrcoef(by_parts.margins[:, at], in_memory.margins[:, at])[0, 1] > 0.99


def test_a_cluster_learns_the_same_model_though_a_worker_is_killed(
    learnt: Learnt, tmp_path: Path
) -> None:
    with dask_cluster(tmp_path) as cluster:
        heard: list[str] = []

        def log(message: str) -> None:
            heard.append(message)
            if len(heard) == 4:
                cluster.kill_a_worker()

        again = learn("test-1", learnt.examples, log, scheduler=cluster.address)

    assert len(heard) == 1 + (FOLDS + 1) * HEADS
    for name, array in learnt.weights.to_plain().items():
        assert np.array_equal(getattr(again.weights, name), array), name
    assert again.policy == learnt.policy
    assert np.array_equal(again.margins, learnt.margins)


def test_a_cluster_fits_by_parts_the_same_though_a_worker_is_killed(
    truth: Truth,
    folds: Places,
    table: Table,
    by_parts: Fitted,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fitting, "IN_MEMORY", 0)
    with dask_cluster(tmp_path) as cluster, spreading(cluster.address) as spread:
        killed: list[str] = []

        def log(message: str) -> None:
            if not killed:
                killed.append(message)
                cluster.kill_a_worker()

        again = fitting.fit(table, truth, folds, spread, log)

    assert np.array_equal(again.margins, by_parts.margins)
    for label in LABELS:
        assert np.array_equal(again.heads[label].coef_, by_parts.heads[label].coef_)
