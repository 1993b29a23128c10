"""A report that is written a batch at a time and, after a kill, goes on where it stopped."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from moderation.errors import ArchiveError


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a report is: what it is about, its bytes and rows, and where the archive goes on."""

    about: Mapping[str, Any]
    size: int = 0
    rows: int = 0
    after: Mapping[str, Any] | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


class ReportFile:
    """Grows as ``PATH.partial`` beside ``PATH.state``; the two become ``PATH`` at the end.

    The state is replaced only after the lines it speaks of are on the disk, so whatever the file
    holds beyond it is half a batch and is cut off.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._partial = path.with_name(path.name + ".partial")
        self._state = path.with_name(path.name + ".state")

    def begun(self) -> Progress | None:
        """Return how far an earlier run came, or ``None``; refuse to write over a whole report."""
        if self.path.exists():
            raise ArchiveError(f"{self.path} exists; name another file")
        if not self._state.exists():
            return None
        return Progress(**json.loads(self._state.read_text("utf-8")))

    @contextmanager
    def growing(self, progress: Progress) -> Iterator["Growing"]:
        """Open the report behind what ``progress`` says is written."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._partial.open("ab") as file:
            file.truncate(progress.size)
            file.seek(progress.size)
            yield Growing(file, self._state, progress)

    def finish(self) -> None:
        """Give the report its name."""
        self._partial.replace(self.path)
        self._state.unlink()


class Growing:
    """An open report."""

    def __init__(self, file: BinaryIO, state: Path, progress: Progress) -> None:
        self._file = file
        self._path = state
        self.progress = progress
        self._keep()

    def add(
        self, lines: bytes, rows: int, after: Mapping[str, Any], counts: Mapping[str, int]
    ) -> None:
        """Write a whole batch, and only then that it is written."""
        self._file.write(lines)
        before = self.progress
        total = Counter(before.counts)
        total.update(counts)
        size = before.size + len(lines)
        self.progress = Progress(before.about, size, before.rows + rows, after, dict(total))
        self._keep()

    def _keep(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        new = self._path.with_name(self._path.name + ".new")
        with new.open("w", encoding="utf-8") as file:
            json.dump(asdict(self.progress), file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
