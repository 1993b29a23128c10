"""Small makers of the things tests talk about, named by their role."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from moderation.domain.decision import Decision
from moderation.domain.policy import Band, Policy
from moderation.domain.scorer import Explanation, Origin, Passage, Reading
from moderation.domain.verdict import LABELS, Label, SpamKind, Span
from moderation.services import access, review
from moderation.services.records import find_record_by_comment_id
from moderation.storage.engine import Database
from moderation.storage.sites import Site
from moderation.storage.users import Role

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

PASSWORD = "kata-sandi-untuk-tes"


class FakeClock:
    """A clock that moves only when a test moves it."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


def a_policy(**bands: Band) -> Policy:
    """A policy that reviews from 0.3 and rejects from 0.8 on, unless a label says otherwise."""
    return Policy("policy-1", {label: bands.get(label, Band(0.3, 0.8)) for label in LABELS})


@dataclass
class FakeScorer:
    """Scores by the words a text holds; every other text is clean.

    The words a score came from are also the spans that explain it; ``unknown`` marks a text
    as one in no known language.
    """

    words: dict[str, Mapping[Label, float]] = field(
        default_factory=lambda: {
            "gacor": {Label.SPAM: 0.95},
            "goblok": {Label.ABUSE: 0.5},
            "serbu": {Label.THREAT: 0.5},
        }
    )
    policy: Policy = field(default_factory=a_policy)
    version: str = "fake-1"
    broken: bool = False
    unknown: str | None = None
    kinds: Mapping[str, SpamKind] = field(default_factory=lambda: {"gacor": SpamKind.JUDOL})
    origin: Origin = field(default_factory=Origin)

    def read(self, passages: Sequence[Passage]) -> list[Reading]:
        if self.broken:
            raise RuntimeError("the scorer broke")
        return [
            Reading(
                self._score(passage.text),
                passage.text.lower(),
                known_language=self.unknown is None or self.unknown not in passage.text,
            )
            for passage in passages
        ]

    def explain(
        self, passages: Sequence[Passage], labels: Sequence[Collection[Label]]
    ) -> list[Explanation]:
        return [
            Explanation(
                {label: tuple(self._find(passage.text, label)) for label in asked},
                self._name(passage.text) if Label.SPAM in asked else None,
            )
            for passage, asked in zip(passages, labels, strict=True)
        ]

    def _name(self, text: str) -> SpamKind | None:
        return next((kind for word, kind in self.kinds.items() if word in text), None)

    def _score(self, text: str) -> dict[Label, float]:
        scores = dict.fromkeys(LABELS, 0.01)
        for word, given in self.words.items():
            if word in text.lower():
                scores.update(given)
        return scores

    def _find(self, text: str, label: Label) -> Iterable[Span]:
        for word, given in self.words.items():
            start = text.lower().find(word)
            if label in given and start >= 0:
                yield Span(start, start + len(word), text[start : start + len(word)])


def a_submission(text: str = "Beritanya lengkap, terima kasih.", **fields: Any) -> dict[str, Any]:
    """The JSON of ``POST /v1/comments`` for a comment under a village road story."""
    return {
        "comment_id": "c-1",
        "text": text,
        "article": {
            "id": "a-7",
            "url": "https://kabar.example/jalan-desa",
            "title": "Jalan desa diperbaiki tahun depan",
            "section": "Daerah",
        },
        "author": {"id": "u-3", "name": "Budi", "email": "budi@surat.example", "ip": "192.0.2.7"},
        **fields,
    }


def feed_back(
    database: Database, site: Site, comment_id: str, decision: Decision, *, at: datetime
) -> None:
    """Let the site's own moderators decide a comment."""
    with database.writing() as tx:
        review.take_feedback(
            tx,
            site.id,
            find_record_by_comment_id(tx, site.id, comment_id).comment.id,
            decision=decision,
            labels=[],
            reporter="rina",
            now=at,
        )


def a_moderator(database: Database, username: str, display_name: str) -> str:
    """Give somebody an account with ``PASSWORD``; return the user name."""
    with database.writing() as tx:
        access.add_user(
            tx,
            username=username,
            display_name=display_name,
            password=PASSWORD,
            role=Role.MODERATOR,
            now=MONDAY,
        )
    return username
