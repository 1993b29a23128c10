import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from moderation.errors import ArchiveError
from moderation.storage import archive
from moderation.storage.archive import Batch, open_file


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "BATCH", 3)


@pytest.fixture(params=["jsonl", "parquet"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Eleven comments; the Parquet file has row groups of five."""
    rows = [{"id": number, "text": f"komentar {number}"} for number in range(11)]
    path = tmp_path / f"archive.{request.param}"
    if request.param == "jsonl":
        path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    else:
        pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=5)
    return path


def ids(batch: Batch) -> list[int]:
    return [(json.loads(row) if isinstance(row, bytes) else row)["id"] for row in batch.rows]


def test_every_row_comes_once_and_in_order(path: Path) -> None:
    found = open_file(path)
    batches = list(found.batches(None))

    assert found.total == 11
    assert [one for batch in batches for one in ids(batch)] == list(range(11))
    assert [batch.first for batch in batches] == [ids(batch)[0] + 1 for batch in batches]
    assert all(len(batch.rows) <= 3 for batch in batches)


def test_reading_goes_on_with_the_same_batches_from_the_end_of_any(path: Path) -> None:
    batches = list(open_file(path).batches(None))

    for at, batch in enumerate(batches):
        after = json.loads(json.dumps(batch.after))
        assert list(open_file(path).batches(after)) == batches[at + 1 :]


def test_other_content_is_another_archive(path: Path, tmp_path: Path) -> None:
    before = open_file(path).identity
    if path.suffix == ".jsonl":
        path.write_text(path.read_text("utf-8").replace("komentar 3", "komentar 4"), "utf-8")
    else:
        pq.write_table(pa.table({"text": ["lain"]}), path)

    assert open_file(path).identity != before


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    (tmp_path / "a.parquet").write_bytes(b"not parquet at all")
    pq.write_table(pa.table({"teks": ["x"]}), tmp_path / "b.parquet")

    for name, wrong in (
        ("a.csv", "ends neither"),
        ("none.jsonl", "there is no file"),
        ("a.parquet", "is no Parquet file"),
        ("b.parquet", "has no column text"),
    ):
        with pytest.raises(ArchiveError, match=wrong):
            open_file(tmp_path / name)


def test_without_pyarrow_parquet_is_refused_with_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.parquet").touch()
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)

    with pytest.raises(ArchiveError, match="install requirements-training"):
        open_file(tmp_path / "a.parquet")
