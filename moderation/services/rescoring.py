"""Score comments of an archive again: rows in, lines of a report out."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moderation.domain.comment import LONGEST_TEXT
from moderation.domain.scorer import Article, Passage, Reading, Scorer
from moderation.domain.verdict import LABELS
from moderation.services.assessing import read
from moderation.storage.archive import Batch

# What tells a comment from others is handed on, whatever it is.
_HANDED_ON = ("id", "site", "comment_id", "revision", "before")
# Written by hand, for the encoder would cost a tenth of all the time a comment takes.
_SCORES = ",".join(f'"{label}":%({label}).6f' for label in LABELS)
_encode = json.JSONEncoder(separators=(",", ":"), default=str).encode

FAILED = "error"
"""What rows are counted as that no comment could be read from."""


@dataclass(frozen=True, slots=True)
class Rescored:
    """A batch's lines, and how many of them have which verdict."""

    lines: bytes
    counts: Mapping[str, int]
    rows: int
    after: Mapping[str, Any]


class RowError(Exception):
    """What is wrong with a row."""


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")


_decode = json.JSONDecoder(parse_constant=_refuse).decode


def rescore(scorer: Scorer, batch: Batch) -> Rescored:
    """Return a line for each row, in order: its ids, verdict and scores, or what is wrong with it.

    The site's rules and its own thresholds have no say here: a report is about the model.
    """
    found = [
        (number, _parse(row))
        for number, row in enumerate(batch.rows, batch.first)
        if not isinstance(row, bytes) or row.strip()
    ]
    passages = [one[1] for _, one in found if not isinstance(one, RowError)]
    readings = iter(read(scorer, passages) if passages else [])
    counts: Counter[str] = Counter()
    lines = []
    for number, one in found:
        if isinstance(one, RowError):
            verdict, line = FAILED, _encode({"row": number, FAILED: str(one)})
        else:
            verdict, line = _line(scorer, one[0], next(readings))
        counts[verdict] += 1
        lines.append(line)
    return Rescored("\n".join([*lines, ""]).encode(), counts, len(batch.rows), batch.after)


def _line(scorer: Scorer, ids: dict[str, Any], reading: Reading) -> tuple[str, str]:
    outcome = reading.judged_by(scorer.policy)
    ids["verdict"] = verdict = outcome.verdict.value
    scores = _SCORES % reading.scores if reading.scores else ""
    return verdict, f'{_encode(ids)[:-1]},"scores":{{{scores}}}}}'


def _parse(row: bytes | Mapping[str, Any]) -> tuple[dict[str, Any], Passage] | RowError:
    try:
        document = _decode(row.decode()) if isinstance(row, bytes) else row
        if not isinstance(document, dict):
            return RowError("not an object")
        ids = {name: document[name] for name in _HANDED_ON if name in document}
        return ids, as_passage(document)
    except RowError as error:
        return error
    except (ValueError, RecursionError) as error:
        return RowError(f"not JSON: {error}")


def as_passage(row: Mapping[str, Any]) -> Passage:
    """Return the comment of a row, or raise ``RowError``."""
    text = _words(row, "text")
    if not text:
        raise RowError("text is missing")
    if len(text) > LONGEST_TEXT:
        raise RowError(f"text is longer than {LONGEST_TEXT} characters")
    title, section, summary = _inner(row, "article", ("title", "section", "summary"))
    article = Article(title, section, summary) if title or section or summary else None
    return Passage(text, article, _inner(row, "parent", ("text",))[0] or None)


def _inner(row: Mapping[str, Any], outer: str, names: Sequence[str]) -> list[str]:
    """Read ``article.title`` as JSON nests it, or ``article_title`` as a table has it."""
    holder = row.get(outer)
    if holder is None:
        return [_words(row, f"{outer}_{name}") for name in names]
    if not isinstance(holder, dict):
        raise RowError(f"{outer} is not an object")
    return [_words(holder, name) for name in names]


def _words(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RowError(f"{name} is not a text")
    return value
