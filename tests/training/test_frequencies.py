from pathlib import Path

import numpy as np
import pytest

from moderation.cluster import spreading
from training import pipeline
from training.frequencies import space_of
from training.learning import Learnt
from training.pipeline import Space


def in_streams(learnt: Learnt, folder: Path, at_most: int = 1 << 20) -> Space:
    passages = [row.passage for row in learnt.examples]
    batches = (passages[at : at + 100] for at in range(0, len(passages), 100))
    with spreading(None) as spread:
        return space_of(batches, folder, spread, at_least=3, at_most=at_most)


@pytest.fixture(scope="module")
def at_once(learnt: Learnt) -> Space:
    read = pipeline.extracts([row.passage for row in learnt.examples])
    return pipeline.learn_space(read, at_least=3)


def test_counting_in_streams_finds_what_counting_at_once_does(
    learnt: Learnt, at_once: Space, tmp_path: Path
) -> None:
    space = in_streams(learnt, tmp_path)

    assert np.array_equal(space.keys, at_once.keys)
    assert np.array_equal(space.idf, at_once.idf)
    assert space.characters == at_once.characters
    assert not list(tmp_path.iterdir())


def test_of_too_many_the_commonest_are_kept(learnt: Learnt, at_once: Space, tmp_path: Path) -> None:
    most = at_once.keys.size // 2

    space = in_streams(learnt, tmp_path, most)

    assert most * 0.5 < space.keys.size <= most
    rarest = float(space.idf.max())
    assert set(space.keys) == set(at_once.keys[at_once.idf <= rarest])
