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
class HistoryDays:
    """How many days ``rejected_share`` and ``trusted_author`` look back, 0 where they rest."""

    share: float
    trust: float


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What one site's rules ask, ready to be asked; rules that rest are not in it."""

    stamp: int
    scope: str
    rules: tuple[Rule, ...]
    words: WordMatcher | None
    domains: DomainMatcher | None
    authors: AuthorMatcher | None
    campaign: Rule | None
    hot_article: Rule | None
    history_days: HistoryDays | None
    """How far rules on history look back; ``None`` if there is no such rule."""


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
        # Building takes a moment; only who has nothing yet must wait for it.
        if not self._lock.acquire(blocking=known is None) and known is not None:
            return known[1]
        try:
            return self._look_again(site_id, now)
        finally:
            self._lock.release()

    def _look_again(self, site_id: int, now: datetime) -> Rulebook:
        with self._database.reading() as tx:
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
    single = {rule.kind: rule for rule in acting if rule.kind not in LIST_KINDS}
    return Rulebook(
        stamp=stamp,
        scope=scope,
        rules=tuple(acting),
        words=_built(WordMatcher, entries.get(RuleKind.WORDS, ())),
        domains=_built(DomainMatcher, entries.get(RuleKind.DOMAINS, ())),
        authors=_built(AuthorMatcher, entries.get(RuleKind.AUTHORS, ())),
        campaign=single.get(RuleKind.CAMPAIGN),
        hot_article=single.get(RuleKind.HOT_ARTICLE),
        history_days=_history_days(single),
    )


def _history_days(single: Mapping[RuleKind, Rule]) -> HistoryDays | None:
    if _OF_HISTORY.isdisjoint(single):
        return None
    share, trust = (
        single[kind].parameters["window_days"] if kind in single else 0.0
        for kind in (RuleKind.REJECTED_SHARE, RuleKind.TRUSTED_AUTHOR)
    )
    return HistoryDays(share, trust)


def _built(matcher: Callable[[Sequence[Entry]], T], entries: Sequence[Entry]) -> T | None:
    return matcher(entries) if entries else None
