"""A dataset comes back as it was written, or not at all."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.training.dataset.conftest import LATER
from training.dataset import folder
from training.dataset.folder import DamagedDatasetError, Dataset
from training.dataset.making import Request, make

LINES = [
    {"text": "dasar goblok", "labels": ["abuse"], "at": "2026-11-01", "title": "Jalan rusak"},
    {"text": "ayo main 🎰", "labels": {"spam": 1}, "parent": "mana?"},
    {"text": "terima kasih", "labels": []},
    {"text": ""},
]


@pytest.fixture
def dataset(write: Callable[[str, str], Path]) -> Dataset:
    path = write("own.jsonl", "\n".join(map(json.dumps, LINES)))
    return make(Request(None, [path], LATER))


@pytest.mark.parametrize("parquet", [False, True])
def test_it_comes_back_as_it_was_written(dataset: Dataset, tmp_path: Path, parquet: bool) -> None:
    folder.write(tmp_path / "set", dataset, parquet=parquet)

    again = folder.load(tmp_path / "set")

    assert again == dataset
    assert len(again.rows) == 3
    assert len(again.rejects) == 1


def test_the_fingerprint_is_the_digest_of_the_rows_file(dataset: Dataset, tmp_path: Path) -> None:
    folder.write(tmp_path, dataset)

    written = (tmp_path / folder.ROWS_JSON).read_bytes()

    assert hashlib.sha256(written).hexdigest() == dataset.fingerprint


def test_changed_rows_are_refused(dataset: Dataset, tmp_path: Path) -> None:
    folder.write(tmp_path, dataset)
    rows = tmp_path / folder.ROWS_JSON
    rows.write_text(rows.read_text("utf-8").replace("goblok", "pintar"), encoding="utf-8")

    with pytest.raises(DamagedDatasetError, match="not those its manifest describes"):
        folder.load(tmp_path)


def test_a_folder_without_a_manifest_is_no_dataset(dataset: Dataset, tmp_path: Path) -> None:
    folder.write(tmp_path, dataset)
    (tmp_path / folder.MANIFEST).unlink()

    with pytest.raises(DamagedDatasetError, match="holds no dataset"):
        folder.load(tmp_path)
