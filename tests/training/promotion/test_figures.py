"""Figures of weighted rows are those of the rows written out, and both models share the draws."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score

from training.promotion import figures


@pytest.mark.parametrize("count", [3, 40, 300])
def test_average_precision_is_that_of_scikit_learn(count: int) -> None:
    rng = np.random.default_rng(count)
    holds = np.append(rng.random(count - 1) < 0.3, True)
    scores = np.round(rng.random(count), 1)  # many are the same
    weight = figures.draws([str(at // 2) for at in range(count)], 30)

    found = figures.average_precision(weight, holds, scores)

    for row, own in zip(weight, found, strict=True):
        if (row * holds).any():
            known = average_precision_score(holds, scores, sample_weight=row)
            assert own == pytest.approx(known, abs=1e-5)


def test_f1_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    holds, told = rng.random((2, 80)) < 0.4
    weight = figures.draws([str(at) for at in range(80)], 10)

    found = figures.f1(weight, holds, told)

    assert found == pytest.approx([f1_score(holds, told, sample_weight=row) for row in weight])


def test_whole_groups_are_drawn() -> None:
    weight = figures.draws(["a", "b", "a", "c", "b"], 50)

    assert (weight[:, 0] == weight[:, 2]).all()
    assert (weight[:, 1] == weight[:, 4]).all()
    assert (weight[0] == 1).all()


def test_the_same_rows_give_the_same_draws() -> None:
    groups = [str(at) for at in range(30)]

    assert (figures.draws(groups) == figures.draws(groups)).all()


def test_models_that_agree_differ_by_nothing() -> None:
    figure = np.array([0.8, 0.7, 0.9, np.nan])

    found = figures.difference(figure, figure)

    assert (found.change, found.low, found.high) == (0, 0, 0)


def test_a_figure_without_draws_may_be_anything() -> None:
    found = figures.difference(np.array([0.8]), np.array([0.7]))

    assert (found.low, found.high) == (-1, 1)
