from pathlib import Path

import numpy as np
import pytest

from moderation.cluster import spreading
from training import pipeline, tables
from training.folding import folds_of
from training.learning import Learnt


def test_parts_hold_the_features_of_every_row_fold_by_fold(
    learnt: Learnt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "ROWS_AT_ONCE", 100)
    monkeypatch.setattr(tables, "ROWS_A_PART", 200)
    folds = folds_of(learnt.examples, 3)

    with spreading(None) as spread:
        table = tables.tabulate(learnt.examples, folds, tmp_path, spread, at_least=3)

    read = pipeline.extracts([row.passage for row in learnt.examples])
    oracle = pipeline.matrix(read, table.space)
    assert table.width == oracle.shape[1]
    assert abs(table.whole() - oracle).max() < 1e-6
    for part in table.parts:
        assert set(folds[part.rows].tolist()) == {part.fold}
        assert abs(table.read(part) - oracle[part.rows]).max() < 1e-6
    assert np.array_equal(
        np.sort(np.concatenate([part.rows for part in table.parts])), np.arange(folds.size)
    )
