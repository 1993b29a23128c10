"""Promote a challenger that is nowhere worse than its margins allow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from moderation.errors import ArtefactError, ModerationError
from training.promotion import history
from training.promotion.comparing import Evidence, compare_versions, in_short, stored
from training.promotion.history import Act, Entry
from training.promotion.switching import load_whole, prune, switch


class RefusedError(ModerationError):
    """The challenger is worse somewhere; ``worse`` says where, a sentence each."""

    def __init__(self, version: str, worse: Sequence[str]) -> None:
        listed = "\n".join(f"- {sentence}" for sentence in worse)
        super().__init__(
            f"{version} is not promoted; the champion stays. It is worse in:\n{listed}"
        )
        self.worse = worse


@dataclass(frozen=True, slots=True)
class Request:
    """Who wants which version promoted; ``overrule`` is the reason for doing it all the same."""

    version: str
    by: str
    reason: str = ""
    overrule: bool = False


def promote(models: Path, asked: Request, evidence: Evidence, *, now: datetime) -> Entry:
    """Make a challenger the champion. Call it holding the lock.

    Raises:
        ArtefactError: its files are not whole, or were made for other library versions.
        RefusedError: it is worse beyond a margin, and nobody overruled that.
    """
    load_whole(models, asked.version)
    known = history.settle(models, now=now)
    current = history.read_pointer(models).version
    if current == asked.version:
        raise ModerationError(f"{current} is the champion already")
    worse, figures = _against(models, asked, current, evidence, now)
    if worse and not asked.overrule:
        raise RefusedError(asked.version, worse)
    entry = Entry(
        Act.PROMOTED, asked.version, current, history.as_time(now), asked.by, asked.reason,
        figures, worse,
    )  # fmt: skip
    switch(models, entry)
    prune(models, [*known, entry])
    return entry


def _against(
    models: Path, asked: Request, current: str | None, evidence: Evidence, now: datetime
) -> tuple[Sequence[str], Mapping[str, Any]]:
    """Return where a challenger is worse than the champion, and the figures of both."""
    if current is None:
        return [], {}
    try:
        load_whole(models, current)
    except ArtefactError as error:
        if not asked.overrule:
            raise
        return [f"there is nothing to compare with: {error}"], {}
    found = stored(models, asked.version, current, evidence) or compare_versions(
        models, asked.version, current, evidence, now=now
    )
    return found["worse"], in_short(found)
