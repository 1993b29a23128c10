"""What the cells of a labelled row mean, in the forms newsrooms' files have."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from moderation.domain.comment import LONGEST_TEXT, Story, as_passage
from moderation.domain.scorer import Passage
from moderation.domain.verdict import LABELS, Label

Cells = Mapping[str, Any]

_TRUE = frozenset({"1", "1.0", "true", "yes", "ya"})
_FALSE = frozenset({"0", "0.0", "false", "no", "tidak"})
_UNKNOWN = frozenset({"", "null", "none", "nan"})
_HARMLESS = frozenset({"none", "harmless"})
_BETWEEN_LABELS = re.compile(r"[\s,;|]+")


class UnreadableError(ValueError):
    """A row that says nothing; the message says why, without a word of the comment."""


def text_of(cells: Cells, *names: str) -> str:
    """Return the first of some cells that holds anything, as text."""
    for name in names:
        value = cells.get(name)
        if value is not None and str(value).strip():
            return _storable(str(value))
    return ""


def _storable(text: str) -> str:
    """Refuse half of a surrogate pair, which JSON can spell and no file can hold."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise UnreadableError("not Unicode")
    return text


def passage_of(cells: Cells) -> Passage:
    """Return the comment with its article and what it answers to.

    Raises:
        UnreadableError: it has no text, or too long a one.
    """
    text = cells.get("text")
    if not isinstance(text, str) or not text.strip():
        raise UnreadableError("no text")
    if len(text) > LONGEST_TEXT:
        raise UnreadableError(f"a text of more than {LONGEST_TEXT} characters")
    article, parent = cells.get("article"), cells.get("parent")
    inner = article if isinstance(article, dict) else {}
    story = Story(
        title=text_of(inner, "title") or text_of(cells, "article_title", "title"),
        section=text_of(inner, "section") or text_of(cells, "article_section", "section"),
        summary=text_of(inner, "summary") or text_of(cells, "article_summary", "summary"),
    )
    answered = parent if isinstance(parent, dict) else {"text": parent}
    return as_passage(
        _storable(text), story, text_of(answered, "text") or text_of(cells, "parent_text")
    )


def time_of(cells: Cells, until: datetime) -> datetime | None:
    """Return when the comment came, in UTC where no zone is named.

    Raises:
        UnreadableError: it is no ISO 8601 time, or in the future.
    """
    value = cells.get("at")
    if value is None or not str(value).strip():
        return None
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnreadableError("at is no ISO 8601 time") from None
    if at > until:
        raise UnreadableError("at is in the future")
    return at


def known_of(cells: Cells) -> dict[Label, bool]:
    """Return the labels a row knows: from ``labels``, or from one cell a label.

    A list names all labels that hold, so the others do not; ``none`` names a harmless comment.

    Raises:
        UnreadableError: a label or a value is unknown, or no label is known.
    """
    given = cells.get("labels")
    if isinstance(given, list | tuple):
        return _from_names(given)
    if isinstance(given, str) and given.strip():
        names = _BETWEEN_LABELS.split(given.strip())
        return _from_names([] if {*map(str.lower, names)} <= _HARMLESS else names)
    known = _from_values(given if isinstance(given, dict) else cells)
    if not known:
        raise UnreadableError("no label is known")
    return known


def _from_names(names: Iterable[Any]) -> dict[Label, bool]:
    held = {str(name).strip().lower() for name in names}
    unknown = held - {label.value for label in LABELS}
    if unknown:
        raise UnreadableError("unknown label")
    return {label: label.value in held for label in LABELS}


def _from_values(cells: Cells) -> dict[Label, bool]:
    known = {}
    for label in LABELS:
        word = str(cells.get(label.value) if cells.get(label.value) is not None else "")
        word = word.strip().lower()
        if word in _UNKNOWN:
            continue
        if word not in _TRUE | _FALSE:
            raise UnreadableError(f"{label} is neither 1, 0 nor empty")
        known[label] = word in _TRUE
    return known
