"""A small model, trained once on a slice of the corpus."""

import json
from pathlib import Path

import pytest

from training import corpus_reader
from training.learning import Learnt, gather, learn
from training.sources import Recipe


@pytest.fixture(scope="session")
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    lines = [json.dumps(row) for at, row in enumerate(corpus_reader.rows()) if at % 6 == 0]
    (folder / "slice.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def learnt(small_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Learnt:
    """A model of the corpus alone: the folder of public sources is empty."""
    no_sources = tmp_path_factory.mktemp("data")
    return learn("test-1", gather(Recipe.OPEN, no_sources, small_corpus), lambda _: None)
