"""Comments of any number in a file: JSON Lines or Parquet, read a batch at a time."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from moderation.errors import ArchiveError

BATCH = 4096
"""Rows read, scored and written at once. It never changes: where a batch begins and ends can
move the last digits of a score, and a resumed report must be the same to the byte."""

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows in order: lines as they stand in the file, or columns by name.

    ``first`` is the number of the first row, from 1; ``after`` is where the next batch begins,
    in a form that only the archive it comes from reads.
    """

    first: int
    rows: Sequence[bytes | Mapping[str, Any]]
    after: Mapping[str, Any]


class Archive(Protocol):
    """Something that holds comments and can be read on from any batch's end."""

    @property
    def identity(self) -> Mapping[str, Any]:
        """What tells this archive from any other; the same for the same content."""

    @property
    def total(self) -> int:
        """How many rows there are."""

    def batches(self, after: Mapping[str, Any] | None) -> Iterator[Batch]:
        """Yield what comes after a batch's end, everything if ``None``."""


def open_file(path: Path) -> Archive:
    """Open a file by its ending."""
    if not path.is_file():
        raise ArchiveError(f"there is no file {path}")
    if path.suffix in {".jsonl", ".ndjson"}:
        return _Lines(path)
    if path.suffix == ".parquet":
        return _Parquet(path)
    raise ArchiveError(f"{path} ends neither in .jsonl or .ndjson nor in .parquet")


class _Lines:
    def __init__(self, path: Path) -> None:
        self._path = path
        self.total, digest = _count_and_digest(path)
        self.identity = {"kind": "lines", "sha256": digest}

    def batches(self, after: Mapping[str, Any] | None) -> Iterator[Batch]:
        line = after["line"] if after else 0
        with self._path.open("rb") as file:
            offset = file.seek(after["offset"] if after else 0)
            while rows := list(islice(file, BATCH)):
                first = line + 1
                line += len(rows)
                offset += sum(map(len, rows))
                yield Batch(first, rows, {"offset": offset, "line": line})


class _Parquet:
    def __init__(self, path: Path) -> None:
        self._open = _reader_of(path)
        with self._open() as file:
            self._groups = [
                file.metadata.row_group(at).num_rows for at in range(file.metadata.num_row_groups)
            ]
            if "text" not in file.schema_arrow.names:
                raise ArchiveError(f"{path} has no column text")
        self.total = sum(self._groups)
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        self.identity = {"kind": "parquet", "sha256": digest}

    def batches(self, after: Mapping[str, Any] | None) -> Iterator[Batch]:
        done = after["row"] if after else 0
        row = 0
        with self._open() as file:
            # A batch never reaches into the next group, so that a whole group is skipped unread.
            for group, size in enumerate(self._groups):
                if row + size <= done:
                    row += size
                    continue
                for found in file.iter_batches(BATCH, row_groups=[group]):
                    first = row + 1
                    row += found.num_rows
                    if row > done:
                        yield Batch(first, found.to_pylist(), {"row": row})


def _reader_of(path: Path) -> Any:
    try:
        from pyarrow import ArrowInvalid
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise ArchiveError("Parquet needs pyarrow: install requirements-training.txt") from error

    def open_again() -> Any:
        try:
            return ParquetFile(path)
        except ArrowInvalid as error:
            raise ArchiveError(f"{path} is no Parquet file: {error}") from error

    return open_again


def _count_and_digest(path: Path) -> tuple[int, str]:
    """Count lines, one without an end included."""
    lines, last, digest = 0, b"\n", hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            lines += block.count(b"\n")
            last = block[-1:]
            digest.update(block)
    return lines + (last != b"\n"), digest.hexdigest()
