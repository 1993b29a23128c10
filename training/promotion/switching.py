"""Make another version the champion, or go back to one; all of it under one lock."""

import json
import shutil
from collections.abc import Sequence
from datetime import datetime
from math import isfinite
from pathlib import Path

from moderation.classifier.artifact import (
    MANIFEST,
    MODEL,
    POINTER,
    POLICY,
    is_version,
    load_version,
)
from moderation.classifier.scorer import LinearScorer
from moderation.domain.scorer import Passage
from moderation.errors import ArtefactError, NotFoundError
from training.durable import keep, replace_text
from training.promotion import history
from training.promotion.history import Act, Entry

LOCK = ".promotion.lock"
KEPT = 5
"""How many champions' folders stay, the serving one among them."""

_REMOVED = ".removed-"
_TRIAL = (Passage("Terima kasih beritanya"), Passage(""), Passage("𝐒𝐋𝐎𝐓 gacor 88"))


def load_whole(models: Path, version: str) -> LinearScorer:
    """Load a version and let it score; raise ``ArtefactError`` if anything of it is not right."""
    if not is_version(version):
        raise ArtefactError(f"{version!r} names no folder of {models}")
    scorer = load_version(models, version)
    try:
        readings = scorer.read(_TRIAL)
    except (IndexError, TypeError, ValueError) as error:
        raise ArtefactError(f"{models / version} cannot score: {error}") from error
    if not all(isfinite(score) for reading in readings for score in reading.scores.values()):
        raise ArtefactError(f"{models / version} gives scores that are no numbers")
    return scorer


def switch(models: Path, entry: Entry) -> None:
    """Make the entry's version the champion: the pointer first, which decides, then the history.

    Call it holding the lock, with a version that was loaded whole.
    """
    folder = models / entry.version
    for path in (folder / MODEL, folder / POLICY, folder / MANIFEST, folder, models):
        keep(path)
    pointer = {"version": entry.version, "entry": entry.to_json()}
    text = json.dumps(pointer, ensure_ascii=False, indent=2, allow_nan=False)
    replace_text(models / POINTER, text + "\n")
    history.write_down(models, entry)


def roll_back(models: Path, version: str | None, *, by: str, reason: str, now: datetime) -> Entry:
    """Return to an earlier champion, the one before if none is named. Call it holding the lock.

    Raises:
        NotFoundError: there was no such champion.
        ArtefactError: its folder is not whole; the champion stays.
    """
    known = history.settle(models, now=now)
    current = history.read_pointer(models).version
    wanted = version or _one_before(known, current)
    choice = [name for name in history.champions(known) if name != current]
    if wanted is None or wanted not in choice:
        listed = ", ".join(choice) or "none"
        named = f"no earlier champion {wanted}" if wanted else "no earlier champion"
        raise NotFoundError(f"there is {named}; earlier ones: {listed}")
    load_whole(models, wanted)
    entry = Entry(Act.ROLLED_BACK, wanted, current, history.as_time(now), by, reason)
    switch(models, entry)
    return entry


def _one_before(known: Sequence[Entry], current: str | None) -> str | None:
    """Return the champion before; where the pointer is lost, the last one there was."""
    if current is None:
        return known[-1].version if known else None
    return history.before(known, current)


def prune(models: Path, known: Sequence[Entry]) -> list[str]:
    """Remove the folders of champions older than the last five; return their versions.

    Only what this history promoted is removed: a champion that was there before, as the bundled
    one, stays. A folder takes another name first, so that none is ever half a version.
    """
    found = {entry.version for entry in known if entry.act is Act.FOUND}
    old = [name for name in history.champions(known)[KEPT:] if name not in found]
    removed = [name for name in old if is_version(name) and (models / name).is_dir()]
    for name in removed:
        (models / name).rename(models / f"{_REMOVED}{name}")
    for folder in models.glob(f"{_REMOVED}*"):
        shutil.rmtree(folder)
    return removed
