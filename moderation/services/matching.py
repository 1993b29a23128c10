"""The lists of a site, compiled: which of their entries a comment holds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import ahocorasick

from moderation.domain.contacts import hosts
from moderation.domain.rules import Effect, Hit, Rule
from moderation.domain.scorer import Reading
from moderation.domain.verdict import Span
from moderation.domain.words import Places, as_row, words_of

PREFIX_MARK = "*"
_SHORTEST_JOINED = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: as it was written, and with its disguises undone."""

    rule: Rule
    written: str
    read_as: str


@dataclass(slots=True)
class _Found:
    entries: dict[str, None] = field(default_factory=dict)
    places: dict[tuple[int, int], None] = field(default_factory=dict)


class WordMatcher:
    """Finds words and phrases at word boundaries, whatever stands between the words.

    An entry that ends in ``*`` finds every word that begins so. An entry of an allow list
    shields what lies inside it from the other lists, and does nothing else: were it to publish
    a comment, a spammer would only have to add it.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._rules: list[Rule] = []
        numbers: dict[int, int] = {}
        known: dict[str, tuple[tuple[int, str], ...]] = {}
        for entry in entries:
            number = numbers.setdefault(entry.rule.id, len(numbers))
            if number == len(self._rules):
                self._rules.append(entry.rule)
            for row in {*_rows(entry.written), *_rows(entry.read_as)}:
                known[row] = (*known.get(row, ()), (number, entry.written))
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        # Nothing but tuples of numbers and texts, which the garbage collector need not visit:
        # walking over 50,000 objects now and then would cost more than all matching.
        self._entries: list[tuple[int, tuple[tuple[int, str], ...]]] = []
        # Most comments hold no first word of any entry, and are let go at that.
        self._firsts: set[str] = set()
        self._stems: set[str] = set()
        for row, same in known.items():
            self._automaton.add_word(row, len(self._entries))
            self._entries.append((len(row), same))
            first = row.split(maxsplit=1)[0]
            (self._firsts if row[len(first) + 1 :] else self._stems).add(first)
        self._lengths = sorted({len(stem) for stem in self._stems})
        self._automaton.make_automaton()

    def find(self, text: str, reading: Reading, words: list[str]) -> list[Hit]:
        """Return what was found, one hit a rule, with its places in the text as written.

        ``words`` are those of the text as read.
        """
        if self._firsts.isdisjoint(words) and not self._begins(words):
            return []
        raw = list(self._automaton.iter(as_row(words)))
        return self._as_hits(raw, text, reading) if raw else []

    def _begins(self, words: list[str]) -> bool:
        return any(word[:length] in self._stems for length in self._lengths for word in words)

    def _as_hits(self, raw: list[tuple[int, int]], text: str, reading: Reading) -> list[Hit]:
        pieces = [
            (end - length + 1, end + 1, self._rules[number], written)
            for end, at in raw
            for length, same in (self._entries[at],)
            for number, written in same
        ]
        shields = [(start, end) for start, end, rule, _ in pieces if rule.effect is Effect.ALLOW]
        places, found = Places(reading.read_as), dict[int, tuple[Rule, _Found]]()
        for start, end, rule, written in pieces:
            if rule.effect is Effect.ALLOW or _is_shielded(start, end, shields):
                continue
            _, one = found.setdefault(rule.id, (rule, _Found()))
            one.entries[written] = None
            one.places[reading.place_as_written(*places.of(start + 1, end - 1))] = None
        return [_as_hit(rule, one, text) for rule, one in found.values()]


class DomainMatcher:
    """Finds links to listed domains and to everything below them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: dict[str, tuple[Entry, ...]] = {}
        for entry in entries:
            same = self._entries.get(entry.read_as, ())
            self._entries[entry.read_as] = (*same, entry)

    def find(self, text: str, reading: Reading, author_url: str) -> list[Hit]:
        """Return what was found in the text and in the address the author left."""
        found: dict[int, tuple[Rule, _Found]] = {}
        for host in hosts(reading.read_as):
            place = reading.place_as_written(host.start, host.end)
            self._look_up(host.text, place, found)
        if author_url:
            self._look_up(host_of(author_url), None, found)
        return [_as_hit(rule, one, text) for rule, one in found.values()]

    def _look_up(
        self, host: str, place: tuple[int, int] | None, found: dict[int, tuple[Rule, _Found]]
    ) -> None:
        labels = host.split(".")
        matched = [
            entry
            for first in range(len(labels) - 1)
            for entry in self._entries.get(".".join(labels[first:]), ())
        ]
        if any(entry.rule.effect is Effect.ALLOW for entry in matched):
            return
        for entry in matched:
            _, one = found.setdefault(entry.rule.id, (entry.rule, _Found()))
            one.entries[entry.written] = None
            if place is not None:
                one.places[place] = None


class AuthorMatcher:
    """Finds listed authors by the key of their history."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._rules: dict[str, list[Rule]] = {}
        for entry in entries:
            self._rules.setdefault(entry.read_as, []).append(entry.rule)

    def find(self, author_key: str) -> list[Hit]:
        """Return the lists this author is on."""
        return [Hit(rule, ()) for rule in self._rules.get(author_key, ())] if author_key else []


def as_entry_row(entry: str) -> str:
    """Return the piece of a row an entry stands for, empty if it holds no word."""
    words = words_of(entry)
    if not words:
        return ""
    row = as_row(words)
    return row[:-1] if entry.rstrip().endswith(PREFIX_MARK) else row


def _rows(entry: str) -> Iterator[str]:
    """Give the pieces of a row that stand for an entry.

    A phrase is also looked for as one word: that is what is left of letters set apart.
    """
    row = as_entry_row(entry)
    if row:
        yield row
        joined = row.replace(" ", "")
        if len(joined) >= _SHORTEST_JOINED:
            yield f" {joined} " if row.endswith(" ") else f" {joined}"


def host_of(address: str) -> str:
    """Return the host of an address, with or without a scheme, in small letters."""
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").rstrip(".")


def _is_shielded(start: int, end: int, shields: list[tuple[int, int]]) -> bool:
    return any(first <= start and end <= last for first, last in shields)


def _as_hit(rule: Rule, found: _Found, text: str) -> Hit:
    spans = tuple(Span(start, end, text[start:end]) for start, end in sorted(found.places))
    return Hit(rule, tuple(found.entries), spans)
