"""A threshold promises only what the data can carry."""

import numpy as np
import pytest

from training.thresholds import approving, cut, rejecting, upper_bound


def test_the_bound_is_the_exact_binomial_one() -> None:
    assert upper_bound(0, 299) == pytest.approx(0.00997, abs=1e-4)
    assert upper_bound(3, 3) == 1.0


def test_too_few_comments_promise_nothing() -> None:
    scores = np.linspace(0.6, 1, 100)

    assert rejecting(scores, np.zeros(100, bool), at_least=0.5) is None


def test_rejection_starts_where_it_is_still_safe() -> None:
    scores = np.concatenate((np.linspace(0.8, 1, 1000), np.linspace(0.5, 0.79, 500)))
    harmless = np.concatenate((np.zeros(1000, bool), np.ones(500, bool)))

    found = rejecting(scores, harmless, at_least=0.5)

    assert found is not None
    assert 0.78 < found.threshold <= 0.81
    assert found.bound <= 0.01


def test_approval_ends_before_harm_begins() -> None:
    risk = np.concatenate((np.linspace(0, 0.4, 1000), np.linspace(0.41, 1, 300)))
    harmful = np.concatenate((np.zeros(1000, bool), np.ones(300, bool)))

    found = approving(risk, harmful)

    assert found is not None
    assert 0.38 < found.threshold < 0.43


def test_a_cut_counts_what_it_would_decide() -> None:
    found = cut(0.5, np.array([True, True, False]), np.array([True, False, True]))

    assert (found.decided, found.wrong, found.promised) == (2, 1, False)
