"""Every key is found again as its position, and a key outside the set is not."""

import numpy as np
import pytest

from moderation.classifier.vocabulary import Vocabulary


def _keys(count: int, seed: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    rng = np.random.default_rng(seed)
    return np.unique(rng.integers(0, 2**64, count, dtype=np.uint64))


@pytest.mark.parametrize("count", [0, 1, 7, 500, 1023, 65_535, 131_000, 262_000])
def test_every_key_is_found_as_its_position(count: int) -> None:
    keys = _keys(count, seed=count)

    ids = Vocabulary.of(keys).find(keys)

    assert np.array_equal(ids, np.arange(keys.size))


def test_a_key_outside_the_set_is_not_found() -> None:
    keys = _keys(10_000, seed=1)
    others = np.setdiff1d(_keys(10_000, seed=2), keys)

    ids = Vocabulary.of(keys).find(others)

    assert np.all(ids == -1)


def test_equal_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="two of them may be equal"):
        Vocabulary.of(np.array([5, 5, 5], np.uint64))
