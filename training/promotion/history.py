"""Every champion there was: ``history.jsonl``, a line a change, only ever added to.

``champion.json`` decides. It carries the whole entry of the change that made it, and is switched
first; an entry that a killed process did not get to add is added by whoever comes next.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

from moderation.classifier.artifact import POINTER
from training.durable import append_line

HISTORY = "history.jsonl"


class Act(StrEnum):
    """How a version became the champion."""

    FOUND = "found"
    PROMOTED = "promoted"
    ROLLED_BACK = "rolled back"


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of the champion: what, when, by whom, why, and the figures it rested on.

    ``overruled`` names what spoke against a promotion that somebody forced.
    """

    act: Act
    version: str
    previous: str | None
    at: str
    by: str
    reason: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    overruled: Sequence[str] = ()
    id: str = field(default_factory=lambda: uuid4().hex)

    def to_json(self) -> dict[str, Any]:
        """Return the form kept in the history and in the pointer."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read an entry; a wrong one gives ``ValueError``, ``TypeError`` or ``KeyError``."""
        return cls(**{**document, "act": Act(document["act"])})


@dataclass(frozen=True, slots=True)
class Pointer:
    """What ``champion.json`` says; no version where it is missing or cannot be read."""

    version: str | None
    entry: Entry | None


def read_pointer(models: Path) -> Pointer:
    """Read the pointer as it is."""
    document = _parsed((models / POINTER).read_text("utf-8") if _is_there(models / POINTER) else "")
    version = document.get("version")
    entry = _as_entry(document.get("entry"))
    # A pointer that somebody edited may still carry the entry of the champion before.
    if entry is not None and entry.version != version:
        entry = None
    return Pointer(version if isinstance(version, str) else None, entry)


def entries(models: Path) -> list[Entry]:
    """Return every change in order, with the last one even if it was not yet written down."""
    found = _written(models)
    last = read_pointer(models).entry
    if last is not None and all(entry.id != last.id for entry in found):
        found.append(last)
    return found


def settle(models: Path, *, now: datetime) -> list[Entry]:
    """Write down what the pointer knows and the history does not; return every change.

    That is the entry of a process that was killed, or a champion that somebody pointed at by
    hand. Call it holding the lock.
    """
    known = _written(models)
    pointer = read_pointer(models)
    if pointer.version is None:
        return known
    new = pointer.entry
    if new is None and (not known or known[-1].version != pointer.version):
        previous = known[-1].version if known else None
        new = Entry(
            Act.FOUND, pointer.version, previous, as_time(now), "", "champion.json names it"
        )
    if new is not None and all(entry.id != new.id for entry in known):
        write_down(models, new)
        known.append(new)
    return known


def write_down(models: Path, entry: Entry) -> None:
    """Add an entry to the history."""
    append_line(models / HISTORY, json.dumps(entry.to_json(), ensure_ascii=False))


def before(known: Sequence[Entry], version: str) -> str | None:
    """Return the champion that a version took the place of when it was promoted or found."""
    for entry in reversed(known):
        if entry.version == version and entry.act is not Act.ROLLED_BACK:
            return entry.previous
    return None


def champions(known: Sequence[Entry]) -> list[str]:
    """Return every version that was champion, the latest first."""
    return list(dict.fromkeys(entry.version for entry in reversed(known)))


def as_time(now: datetime) -> str:
    """Return a moment as the history writes it."""
    return now.astimezone(UTC).isoformat(timespec="seconds")


def _written(models: Path) -> list[Entry]:
    path = models / HISTORY
    lines = path.read_text("utf-8").splitlines() if _is_there(path) else []
    parsed = [_as_entry(_parsed(line)) for line in lines]
    return [entry for entry in parsed if entry is not None]


def _is_there(path: Path) -> bool:
    return path.is_file()


def _parsed(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _as_entry(document: object) -> Entry | None:
    """Return an entry, or ``None`` for a line that a killed process left half written."""
    if not isinstance(document, dict):
        return None
    try:
        return Entry.from_json(document)
    except (KeyError, TypeError, ValueError):
        return None
