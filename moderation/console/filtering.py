"""Which part of the queue a person works on, as an address says it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import request

from moderation.console.auth import current_reach
from moderation.domain.queue import FLOORS
from moderation.domain.verdict import Label, SpamKind
from moderation.storage import search, sites
from moderation.storage.queue import Filter, Order

LONGEST_SEARCH = 100
AGES: dict[str, timedelta] = {
    "1": timedelta(hours=1),
    "6": timedelta(hours=6),
    "24": timedelta(hours=24),
}
SCORES = tuple(str(floor) for floor in FLOORS)
LANGUAGES = {"known": "dikenal mesin", "unknown": "tidak dikenal mesin"}
"""What a comment is written in, as far as the model can tell."""


@dataclass(frozen=True, slots=True)
class View:
    """Which part of the queue a person works on; it travels in the query of every link."""

    site: str = ""
    section: str = ""
    label: str = ""
    age: str = ""
    kind: str = ""
    language: str = ""
    score: str = ""
    q: str = ""
    order: str = Order.PRIORITY.value

    @classmethod
    def asked(cls) -> "View":
        """Read the view from the request."""
        return cls.read(request.args)

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "View":
        """Read a view; what makes no sense counts as absent."""

        def one_of(name: str, choices: Iterable[str]) -> str:
            value = str(given.get(name, ""))
            return value if value in set(choices) else ""

        return cls(
            site=str(given.get("site", "")),
            section=str(given.get("section", "")),
            label=one_of("label", Label),
            age=one_of("age", AGES),
            kind=one_of("kind", SpamKind),
            language=one_of("language", LANGUAGES),
            score=one_of("score", SCORES),
            q=str(given.get("q", "")).strip()[:LONGEST_SEARCH],
            order=one_of("order", Order) or Order.PRIORITY.value,
        )

    def to_query(self) -> dict[str, Any]:
        """Return the parts that say something, for ``url_for``."""
        return {
            name: value
            for name, value in asdict(self).items()
            if value and (name, value) != ("order", Order.PRIORITY.value)
        }

    def to_filter(self, tx: sa.Connection, now: datetime) -> Filter:
        """Return what the storage looks for; an unknown site holds nothing."""
        site = sites.find_site(tx, self.site) if self.site else None
        return Filter(
            site_id=site.id if site else (-1 if self.site else None),
            section=self.section or None,
            label=Label(self.label) if self.label else None,
            opened_before=now - AGES[self.age] if self.age else None,
            spam_kind=SpamKind(self.kind) if self.kind else None,
            known_language=self.language == "known" if self.language else None,
            score=float(self.score) if self.score else None,
            among=tuple(search.find(tx, self.q)) if self.q else None,
            reach=current_reach(tx),
        )
