"""A correction adds to given margins what the rows ask for, and nothing where they ask nothing."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from training.correcting import fit_correction

RNG = np.random.default_rng(4)
ROWS = sparse.csr_matrix(RNG.normal(size=(300, 6)))
TARGET = (ROWS @ np.array([2.0, -1.0, 0, 0, 0, 0]) + RNG.normal(size=300)) > 0.5
WEIGHT = RNG.uniform(0.5, 2, 300)


def test_without_margins_it_is_logistic_regression() -> None:
    model = LogisticRegression(
        C=0.7, class_weight="balanced", solver="liblinear", intercept_scaling=1, tol=1e-8
    ).fit(ROWS, TARGET, sample_weight=WEIGHT)
    delta, bias = fit_correction(ROWS, TARGET, WEIGHT, np.zeros(300), 0.7)

    assert delta == pytest.approx(model.coef_[0], abs=2e-3)
    assert bias == pytest.approx(model.intercept_[0], abs=2e-2)


def test_margins_that_explain_the_rows_leave_little_to_add() -> None:
    sure = np.where(TARGET, 12.0, -12.0)

    delta, bias = fit_correction(ROWS, TARGET, WEIGHT, sure, 1.0)

    assert np.abs(delta).max() < 0.01
    assert abs(bias) < 0.01


def test_what_the_margins_get_wrong_is_put_right() -> None:
    wrong = ROWS @ np.array([-2.0, 0, 0, 0, 0, 0])

    delta, bias = fit_correction(ROWS, TARGET, WEIGHT, wrong, 5.0)

    told = wrong + ROWS @ delta + bias > 0
    assert ((wrong > 0) == TARGET).mean() < 0.4
    assert (told == TARGET).mean() > 0.8
