"""Fit what to add to a model's margins, with those margins taken as they are."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

from training.pipeline import Matrix

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_MOST_STEPS = 200


def fit_correction(
    rows: Matrix, target: Flags, weight: Floats, margins: Floats, strength: float
) -> tuple[Floats, float]:
    """Return the weights and the bias to add; the smaller ``strength``, the less is added.

    Logistic regression with an offset, which scikit-learn does not have. Were the margins a column
    with a weight of its own, separating the rows by stretching them all would come cheaper than
    learning a word. Both classes together weigh the same, whatever their numbers.
    """
    sign = np.where(target, 1.0, -1.0)
    balanced = weight * np.where(target, 0.5 / target.mean(), 0.5 / (~target).mean())
    turned = rows.T.tocsr()

    def loss(added: Floats) -> tuple[float, Floats]:
        right = sign * (rows @ added[:-1] + added[-1] + margins)
        pull = -strength * balanced * sign * expit(-right)
        slope = np.append(turned @ pull, pull.sum()) + added
        lost = strength * float(balanced @ np.logaddexp(0, -right))
        return lost + float(added @ added) / 2, slope

    start = np.zeros(rows.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _MOST_STEPS})
    return found.x[:-1], float(found.x[-1])
