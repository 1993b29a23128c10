"""The entries of lists: read what people write, and carry them as CSV."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence

from moderation.domain.contacts import hosts
from moderation.domain.rules import RuleKind
from moderation.domain.scorer import Passage, Scorer
from moderation.errors import InvalidError
from moderation.services.matching import PREFIX_MARK, as_entry_row, host_of
from moderation.storage import comments
from moderation.storage.identity import Pseudonyms
from moderation.storage.rules import StoredEntry

MOST_ENTRIES = 50_000
LONGEST_ENTRY = 200
_SHORTEST_WORD = 2
# A spreadsheet takes what begins so for a formula; an apostrophe tells it otherwise.
_FORMULA = ("=", "+", "-", "@")


def read_entries(
    kind: RuleKind, lines: Iterable[str], scorer: Scorer, pseudonyms: Pseudonyms
) -> list[StoredEntry]:
    """Return the entries that lines stand for, without blanks and repeats.

    Words are read as the classifier reads comments, so that a disguised entry finds what it
    means. An e-mail address is kept as its keyed hash only.

    Raises:
        InvalidError: a line can never match, or would match far too much; it is named.
    """
    lines = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if len(lines) > MOST_ENTRIES:
        raise InvalidError(f"takes at most {MOST_ENTRIES} entries", "/entries")
    for line in lines:
        if len(line) > LONGEST_ENTRY:
            raise InvalidError(f"{line[:20]!r}… is too long", "/entries")
    if kind is RuleKind.WORDS:
        return _read_words(lines, scorer)
    read = _read_domain if kind is RuleKind.DOMAINS else _author_reader(pseudonyms)
    return list({entry.written: entry for entry in map(read, lines)}.values())


def to_csv(entries: Sequence[StoredEntry]) -> str:
    """Return entries as a CSV file with one column, ``entry``."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["entry"])
    for entry in entries:
        plain = entry.written
        writer.writerow([f"'{plain}" if plain.startswith(_FORMULA) else plain])
    return out.getvalue()


def from_csv(text: str) -> list[str]:
    """Return the lines of the first column of a CSV file, with or without its heading."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    try:
        lines = [row[0].strip() for row in rows if row]
    except csv.Error as error:
        raise InvalidError(f"is no CSV file: {error}", "/entries") from error
    if lines and lines[0].lower() == "entry":
        del lines[0]
    return [
        line[1:] if line[:1] == "'" and line[1:].startswith(_FORMULA) else line for line in lines
    ]


def _read_words(lines: Sequence[str], scorer: Scorer) -> list[StoredEntry]:
    entries = []
    for line, read_as in zip(lines, _read_as(lines, scorer), strict=True):
        row = as_entry_row(line)
        if len(row.strip()) < _SHORTEST_WORD:
            raise InvalidError(f"{line!r} needs a word of at least two letters", "/entries")
        mark = PREFIX_MARK if line.endswith(PREFIX_MARK) else ""
        entries.append(StoredEntry(line, read_as.rstrip(PREFIX_MARK) + mark))
    return entries


def _read_as(lines: Sequence[str], scorer: Scorer) -> list[str]:
    """Return the lines with their disguises undone; as written where no model is loaded."""
    try:
        return [reading.read_as for reading in scorer.read([Passage(line) for line in lines])]
    except Exception:
        return list(lines)


def _read_domain(line: str) -> StoredEntry:
    host = host_of(line.removeprefix("*."))
    if [found.text for found in hosts(host)] != [host]:
        raise InvalidError(f"{line!r} is not a domain", "/entries")
    return StoredEntry(host, host)


def _author_reader(pseudonyms: Pseudonyms) -> Callable[[str], StoredEntry]:
    def read(line: str) -> StoredEntry:
        if line.startswith(("id:", "email:")):
            return StoredEntry(line, line)
        key = (
            comments.author_key("", pseudonyms.email(line))
            if "@" in line
            else comments.author_key(line, "")
        )
        return StoredEntry(key, key)

    return read
