"""Cut rows into folds so that what must not be parted stays together."""

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from training.examples import Example


def fold_of(group: str, folds: int) -> int:
    """Return a group's fold: the same on every machine and in every run."""
    return int.from_bytes(hashlib.blake2b(group.encode(), digest_size=8).digest()) % folds


def folds_of(examples: Sequence[Example], folds: int) -> npt.NDArray[np.int64]:
    """Return each row's fold by its group."""
    return np.array([fold_of(row.group, folds) for row in examples], np.int64)
