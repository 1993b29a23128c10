"""A dataset as files: ``rows.jsonl`` or ``rows.parquet``, ``rejects.jsonl``, ``manifest.json``."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from training.dataset.rows import Row, Split
from training.dataset.statements import Reject

MANIFEST, REJECTS = "manifest.json", "rejects.jsonl"
ROWS_JSON, ROWS_PARQUET = "rows.jsonl", "rows.parquet"
_MAKE = "make it with python -m training dataset"


class DamagedDatasetError(Exception):
    """A dataset's rows are not those its manifest describes."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset with its birth record."""

    rows: list[Row]
    rejects: list[Reject]
    manifest: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of all rows; the same inputs give the same one."""
        return str(self.manifest["fingerprint"])

    def split(self, side: Split) -> list[Row]:
        """Return the rows of one side."""
        return [row for row in self.rows if row.split is side]


def fingerprint(rows: Iterable[Row]) -> str:
    """Return the SHA-256 of ``rows.jsonl`` as :func:`write` writes it, whatever the form kept."""
    whole = hashlib.sha256()
    for row in rows:
        whole.update(_line(row.to_json()))
    return whole.hexdigest()


def write(folder: Path, dataset: Dataset, *, parquet: bool = False) -> None:
    """Write a dataset; the manifest comes last, so a folder without one is not finished."""
    # Readers' texts lie in it: only for whoever runs the command.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (MANIFEST, ROWS_JSON, ROWS_PARQUET):
        (folder / name).unlink(missing_ok=True)
    _write_lines(folder / REJECTS, [asdict(reject) for reject in dataset.rejects])
    rows = [row.to_json() for row in tqdm(dataset.rows, "rows written", disable=None)]
    if parquet:
        _write_parquet(folder / ROWS_PARQUET, rows)
    else:
        _write_lines(folder / ROWS_JSON, rows)
    text = json.dumps(dataset.manifest, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def load(folder: Path) -> Dataset:
    """Read a dataset back; raise ``DamagedDatasetError`` unless it is what was written."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        rows = [Row.from_json(document) for document in _read_rows(folder)]
        rejects = [Reject(**document) for document in _read_lines(folder / REJECTS)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedDatasetError(
            f"{folder} holds no dataset ({type(error).__name__}); {_MAKE}"
        ) from error
    if fingerprint(rows) != manifest.get("fingerprint"):
        raise DamagedDatasetError(
            f"the rows of {folder} are not those its manifest describes; {_MAKE}"
        )
    return Dataset(rows, rejects, manifest)


def _line(document: Any) -> bytes:
    return (json.dumps(document, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _write_lines(path: Path, documents: Sequence[Any]) -> None:
    with path.open("wb") as file:
        file.writelines(_line(document) for document in documents)


def _read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def _read_rows(folder: Path) -> list[dict[str, Any]]:
    if not (folder / ROWS_PARQUET).exists():
        return _read_lines(folder / ROWS_JSON)
    # Only who keeps Parquet needs it, and it is large.
    from pyarrow import parquet

    rows: list[dict[str, Any]] = parquet.read_table(folder / ROWS_PARQUET).to_pylist()
    return rows


def _write_parquet(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    import pyarrow
    from pyarrow import parquet

    words = "id text parent said_by source at said_at section language group split".split()
    texts = pyarrow.struct({name: pyarrow.string() for name in ("title", "section", "summary")})
    labels = pyarrow.struct({name: pyarrow.int8() for name in rows[0]["labels"]} if rows else {})
    columns = {name: pyarrow.string() for name in words}
    schema = pyarrow.schema(
        {**columns, "article": texts, "labels": labels, "copies": pyarrow.int64()}
    )
    parquet.write_table(pyarrow.Table.from_pylist(list(rows), schema), path)
