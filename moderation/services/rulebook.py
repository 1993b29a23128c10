"""A site's rules compiled, once a process and change."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa

from moderation.domain.rules import LIST_KINDS, Mode, Rule, RuleKind
from moderation.services.matching import AuthorMatcher, DomainMatcher, Entry, WordMatcher
from moderation.storage import rules
from moderation.storage.engine import Database

T = TypeVar("T")

_OF_HISTORY = {RuleKind.REJECTED_SHARE, RuleKind.FIRST_COMMENTS, RuleKind.TRUSTED_AUTHOR}


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What one site's rules ask, ready to be asked; rules that rest are not in it."""

    stamp: int
    scope: str
    rules: tuple[Rule, ...]
    words: WordMatcher | None
    domains: DomainMatcher | None
    authors: AuthorMatcher | None

    def find(self, kind: RuleKind) -> Rule | None:
        """Return the site's rule of a kind that is no list."""
        return next((rule for rule in self.rules if rule.kind is kind), None)

    @property
    def asks_history(self) -> bool:
        """Whether any rule looks at how the author's earlier comments fared."""
        return any(rule.kind in _OF_HISTORY for rule in self.rules)

    @property
    def history_days(self) -> float:
        """The longest window a rule on history looks back over."""
        return max((rule.parameters.get("window_days", 0.0) for rule in self.rules), default=0.0)


class Rulebooks:
    """Keeps the compiled rules of every site, and looks now and then whether they still hold.

    A change is therefore noticed by every process within ``MEMORY`` of its commit.
    """

    MEMORY = timedelta(seconds=1)

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[int, tuple[datetime, Rulebook]] = {}
        self._lock = threading.Lock()

    def find(self, site_id: int, *, now: datetime) -> Rulebook:
        """Return the site's rules."""
        known = self._known.get(site_id)
        if known is not None and now - known[0] < self.MEMORY:
            return known[1]
        with self._lock, self._database.reading() as tx:
            book = self._known.get(site_id, (now, None))[1]
            if book is None or rules.find_stamp(tx, site_id) != book.stamp:
                book = compile_rules(tx, site_id)
            self._known[site_id] = (now, book)
            return book

    def forget(self, site_id: int) -> None:
        """Look again at the next comment, because this process has just changed the rules."""
        with self._lock:
            self._known.pop(site_id, None)


def compile_rules(tx: sa.Connection, site_id: int) -> Rulebook:
    """Read a site's rules and build what matches them."""
    stamp = rules.find_stamp(tx, site_id)
    acting = [rule for rule in rules.list_rules(tx, site_id) if rule.mode is not Mode.OFF]
    entries: dict[RuleKind, list[Entry]] = {kind: [] for kind in LIST_KINDS}
    for rule in acting:
        if rule.kind in entries:
            entries[rule.kind] += [
                Entry(rule, one.written, one.read_as) for one in rules.list_entries(tx, rule.id)
            ]
    owner = rules.find_owner(tx, site_id)
    scope = f"owner:{owner}" if owner else f"site:{site_id}"
    return build_book(acting, entries, stamp=stamp, scope=scope)


def build_book(
    acting: Sequence[Rule],
    entries: Mapping[RuleKind, Sequence[Entry]],
    *,
    stamp: int = 0,
    scope: str = "",
) -> Rulebook:
    """Build what matches rules and the entries of their lists."""
    return Rulebook(
        stamp=stamp,
        scope=scope,
        rules=tuple(acting),
        words=_built(WordMatcher, entries.get(RuleKind.WORDS, ())),
        domains=_built(DomainMatcher, entries.get(RuleKind.DOMAINS, ())),
        authors=_built(AuthorMatcher, entries.get(RuleKind.AUTHORS, ())),
    )


def _built(matcher: Callable[[Sequence[Entry]], T], entries: Sequence[Entry]) -> T | None:
    return matcher(entries) if entries else None
