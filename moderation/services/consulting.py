"""Ask a site's rules about one comment, and keep what they said."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.policy import Policy
from moderation.domain.rules import Facts, Hit, RuleMatch, match_rules
from moderation.domain.scorer import Passage, Reading
from moderation.domain.verdict import Assessment
from moderation.services.rulebook import Rulebook, Rulebooks
from moderation.storage import rule_hits
from moderation.storage.comments import StoredAuthor
from moderation.storage.engine import Database
from moderation.storage.rule_hits import RuleHit

Keep = Callable[[sa.Connection, UUID, datetime], None]
"""Writes down, beside a stored comment, what its rules leave behind."""


class Counsel:
    """Opens a consultation for each comment of a site that has rules."""

    def __init__(self, database: Database) -> None:
        self.rulebooks = Rulebooks(database)
        self._database = database

    def open(
        self, site_id: int, article_id: str, author: StoredAuthor, *, now: datetime
    ) -> "Consultation | None":
        """Return what to ask about a comment, or ``None`` where no rule acts."""
        book = self.rulebooks.find(site_id, now=now)
        if not book.rules:
            return None
        return Consultation(self._database, book, site_id, article_id, author, now)


class Consultation:
    """The rules of one site, asked about one comment."""

    def __init__(
        self,
        database: Database,
        book: Rulebook,
        site_id: int,
        article_id: str,
        author: StoredAuthor,
        now: datetime,
    ) -> None:
        self._database = database
        self._book = book
        self._site_id = site_id
        self._article_id = article_id
        self._author = author
        self._now = now
        self._known_language = True
        self.campaign_id: UUID | None = None

    def __call__(self, passage: Passage, reading: Reading) -> tuple[RuleMatch, ...]:
        """Return the rules that match; nothing is written yet."""
        self._known_language = reading.known_language
        facts = Facts(hits=find_hits(self._book, passage.text, reading, self._author))
        return match_rules(self._book.rules, facts)

    def conclude(self, assessment: Assessment, policy: Policy) -> Keep:
        """Return what remains to be written once the comment is stored."""
        hits = _count(assessment, policy, known_language=self._known_language)

        def keep(tx: sa.Connection, comment_pk: UUID, now: datetime) -> None:
            rule_hits.add(tx, comment_pk, hits, at=now)

        return keep


def find_hits(book: Rulebook, text: str, reading: Reading, author: StoredAuthor) -> tuple[Hit, ...]:
    """Return the list entries a comment holds or its author is on."""
    hits: list[Hit] = []
    if book.words is not None:
        hits += book.words.find(text, reading)
    if book.domains is not None:
        hits += book.domains.find(text, reading, author.url)
    if book.authors is not None:
        hits += book.authors.find(author.key)
    return tuple(hits)


def _count(assessment: Assessment, policy: Policy, *, known_language: bool) -> list[RuleHit]:
    """Return each match with the verdict it made or, had it acted, would have made."""
    hits = []
    for at, match in enumerate(assessment.rules):
        turned = list(assessment.rules)
        turned[at] = replace(match, observed=not match.observed)
        otherwise = policy.decide(assessment.scores, turned, known_language=known_language)
        hits.append(
            RuleHit(
                match.rule_id,
                match.version,
                match.observed,
                assessment.verdict,
                otherwise.verdict,
            )
        )
    return hits
