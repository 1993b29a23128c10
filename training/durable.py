"""Write files so that a killed process or a cut of power leaves the old content or the new."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from moderation.errors import ModerationError


class BusyError(ModerationError):
    """Another process does the same work on the same folder right now."""


def replace_text(path: Path, text: str) -> None:
    """Give a file new content at one moment: whoever opens it reads the old or the new."""
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    keep(path.parent)


def append_line(path: Path, line: str) -> None:
    """Add a line at the end; one that a killed process left half written ends before it."""
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            line = line if file.read(1) == b"\n" else f"\n{line}"
        file.write(f"{line}\n".encode())
        file.flush()
        os.fsync(file.fileno())
    keep(path.parent)


def keep(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def alone(path: Path, what: str) -> Iterator[None]:
    """Hold a lock while the block runs; raise ``BusyError`` at once if somebody else holds it.

    The kernel lets go of it when the process ends, however it ends.
    """
    with path.open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(f"{what} is running already ({path} is locked); try again") from None
        yield
