"""Ask a site's rules about one comment, and keep what they said."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.policy import Policy
from moderation.domain.rules import Facts, Hit, RuleMatch, match_rules
from moderation.domain.scorer import Passage, Reading
from moderation.domain.verdict import Assessment
from moderation.domain.words import words_of
from moderation.services import copies, heat
from moderation.services.assessing import Consult
from moderation.services.copies import Copy, fingerprint
from moderation.services.heat import Heat, Thermometer
from moderation.services.rulebook import Rulebook, Rulebooks
from moderation.storage import precedents, rule_hits
from moderation.storage.author_history import AskedAuthor
from moderation.storage.comments import StoredAuthor
from moderation.storage.engine import Database
from moderation.storage.rule_hits import RuleHit

_NOBODY = StoredAuthor(id="", name="", url="", user_agent="", email_hash="", ip_hash="", network="")

Keep = Callable[[sa.Connection, UUID, datetime], None]
"""Writes down, beside a stored comment, what its rules leave behind."""


class Counsel:
    """Opens a consultation for each comment of a site that has rules."""

    def __init__(self, database: Database) -> None:
        self.rulebooks = Rulebooks(database)
        self._database = database
        self._thermometer = Thermometer()

    def open(
        self, site_id: int, article_id: str, author: StoredAuthor, *, now: datetime
    ) -> "Consultation | None":
        """Return what to ask about a comment, or ``None`` where no rule acts."""
        book = self.rulebooks.find(site_id, now=now)
        if not book.rules:
            return None
        return Consultation(
            self._database, self._thermometer, book, site_id, article_id, author, now
        )

    def lists_of(self, site_id: int, *, now: datetime) -> Consult | None:
        """Return what asks a site's lists alone, of a text that has no writer and stays nowhere."""
        book = self.rulebooks.find(site_id, now=now)
        if not book.rules:
            return None

        def consult(passage: Passage, reading: Reading) -> tuple[RuleMatch, ...]:
            words = words_of(reading.read_as)
            hits = find_hits(book, passage.text, reading, words, _NOBODY)
            return match_rules((), Facts(hits=hits))

        return consult


class Consultation:
    """The rules of one site, asked about one comment."""

    def __init__(
        self,
        database: Database,
        thermometer: Thermometer,
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
        self._thermometer = thermometer
        self._reading = Reading({}, "")
        self._copy: Copy | None = None
        self._heat: Heat | None = None

    @property
    def campaign_id(self) -> UUID | None:
        """The campaign the comment belongs to, known once it was asked about."""
        return None if self._copy is None else self._copy.campaign.id

    def __call__(self, passage: Passage, reading: Reading) -> tuple[RuleMatch, ...]:
        """Return the rules that match; nothing is written yet."""
        self._reading = reading
        words = words_of(reading.read_as)
        hits = find_hits(self._book, passage.text, reading, words, self._author)
        facts = self._look_up(hits, passage, reading, words)
        return match_rules(self._book.rules, facts)

    def _look_up(
        self, hits: tuple[Hit, ...], passage: Passage, reading: Reading, words: list[str]
    ) -> Facts:
        """Read what the rules need from the database, and only if they do."""
        campaign = self._book.campaign
        hot = self._book.hot_article if self._article_id else None
        print_ = fingerprint(passage.text, reading.read_as, words) if campaign is not None else None
        if hot is not None:
            self._heat = self._thermometer.recall(self._site_id, self._article_id, now=self._now)
        if hot is not None and self._heat is None:
            with self._database.reading() as tx:
                self._heat = self._thermometer.measure(
                    tx, hot, self._site_id, self._article_id, now=self._now
                )
        author = self._ask_author()
        standing = None
        if author is not None or print_ is not None:
            scope = self._book.scope
            with self._database.glancing() as look:
                text = None if print_ is None else copies.ask(scope, print_)
                known = precedents.find(look, author, text)
                standing = known.author
                if campaign is not None and print_ is not None:
                    self._copy = copies.find_copy(
                        look, scope, print_, known.holders, campaign, now=self._now
                    )
        return Facts(
            hits=hits,
            author=standing,
            campaign=None if self._copy is None else self._copy.standing,
            hot=self._heat is not None and self._heat.hot,
        )

    def _ask_author(self) -> AskedAuthor | None:
        """Return whose history to look up; each rule looks back over a window of its own."""
        windows = self._book.history_days
        if windows is None or not self._author.key:
            return None
        return AskedAuthor(
            self._site_id,
            self._author.key,
            share_since=self._now - timedelta(days=windows.share),
            trust_since=self._now - timedelta(days=windows.trust),
        )

    def conclude(self, assessment: Assessment, policy: Policy) -> Keep:
        """Return what remains to be written once the comment is stored."""
        hits = _count(assessment, policy, self._reading)

        def keep(tx: sa.Connection, comment_pk: UUID, now: datetime) -> None:
            rule_hits.add(tx, comment_pk, hits, at=now)
            if self._copy is not None:
                self._copy.keep(tx, now=now)
            if self._heat is not None and self._heat.change is not None:
                heat.keep(tx, self._heat.change, self._site_id, self._article_id, now=now)

        return keep


def find_hits(
    book: Rulebook, text: str, reading: Reading, words: list[str], author: StoredAuthor
) -> tuple[Hit, ...]:
    """Return the list entries a comment holds or its author is on."""
    hits: list[Hit] = []
    if book.words is not None:
        hits += book.words.find(text, reading, words)
    if book.domains is not None:
        hits += book.domains.find(text, reading, author.url)
    if book.authors is not None:
        hits += book.authors.find(author.key)
    return tuple(hits)


def _count(assessment: Assessment, policy: Policy, reading: Reading) -> list[RuleHit]:
    """Return each match with the verdict it made or, had it acted, would have made."""
    hits = []
    for at, match in enumerate(assessment.rules):
        turned = list(assessment.rules)
        turned[at] = replace(match, observed=not match.observed)
        otherwise = reading.judged_by(policy, turned)
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
