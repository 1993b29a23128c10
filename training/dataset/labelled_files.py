"""Labelled comments from CSV, JSON Lines and Parquet; a bad row is told of, never fatal."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from moderation.classifier.artifact import digest
from training.dataset.cells import UnreadableError, known_of, passage_of, text_of, time_of
from training.dataset.statements import Reject, Statement, Voice, as_comment_id, harm_of

SUFFIXES = frozenset({".csv", ".jsonl", ".ndjson", ".parquet"})
_DELIMITERS = ",;\t"
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row before anything is known of it: its cells, or why there are none."""

    line: int
    cells: Mapping[str, Any]
    trouble: str = ""


def read_file(path: Path, *, until: datetime) -> Iterator[Statement | Reject]:
    """Yield every row of a file, as what it says or as a reject."""
    name, mark = path.name, digest(path)[:12]
    for row in tqdm(_rows(path), name, disable=None):
        try:
            if row.trouble:
                raise UnreadableError(row.trouble)
            yield _statement(row, name, mark, until)
        except UnreadableError as error:
            yield Reject(name, row.line, str(error))


def comment_id(given: str, mark: str, line: int) -> str:
    """Return what names a row's comment: our own id as it is, any other only within its file."""
    ours = as_comment_id(given)
    return str(ours) if ours else f"{mark}:{given or f'line {line}'}"


def _statement(row: RawRow, name: str, mark: str, until: datetime) -> Statement:
    known = known_of(row.cells)
    at = time_of(row.cells, until)
    return Statement(
        comment=comment_id(text_of(row.cells, "id"), mark, row.line),
        place=row.line,
        voice=Voice.FILE,
        passage=passage_of(row.cells),
        known=known,
        harmful=harm_of(known),
        at=at,
        said_at=at,
        source=name,
        language=text_of(row.cells, "language"),
    )


def _rows(path: Path) -> Iterator[RawRow]:
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return _csv_rows(path)
    return _parquet_rows(path) if suffix == ".parquet" else _json_rows(path)


def _json_rows(path: Path) -> Iterator[RawRow]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                cells = json.loads(line.decode("utf-8-sig"))
            except UnicodeDecodeError:
                yield RawRow(number, {}, "not UTF-8")
            except (ValueError, RecursionError):
                yield RawRow(number, {}, "not JSON")
            else:
                trouble = "" if isinstance(cells, dict) else "not a JSON object"
                yield RawRow(number, cells if not trouble else {}, trouble)


def _csv_rows(path: Path) -> Iterator[RawRow]:
    """Read with whichever of comma, semicolon and tab the first line has most of."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        header = lines.readline()
        lines.seek(0)
        rows = csv.DictReader(lines, delimiter=max(_DELIMITERS, key=header.count))
        while True:
            try:
                cells: dict[Any, Any] = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield RawRow(rows.line_num, {}, f"not CSV: {error}")
            else:
                yield RawRow(rows.line_num, cells, _csv_trouble(cells))


def _csv_trouble(cells: Mapping[Any, Any]) -> str:
    if None in cells:
        return "more cells than the first line names"
    if any(isinstance(cell, str) and not _is_utf8(cell) for cell in cells.values()):
        return "not UTF-8"
    return ""


def _is_utf8(cell: str) -> bool:
    return not any("\udc80" <= char <= "\udcff" for char in cell)


def _parquet_rows(path: Path) -> Iterator[RawRow]:
    # Only who reads Parquet needs it, and it is large.
    import pyarrow
    from pyarrow import parquet

    number = 0
    try:
        for batch in parquet.ParquetFile(path).iter_batches(_BATCH):
            for cells in batch.to_pylist():
                number += 1
                yield RawRow(number, cells)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        yield RawRow(0, {}, f"not Parquet beyond row {number}: {type(error).__name__}")
