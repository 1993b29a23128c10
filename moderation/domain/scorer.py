"""What the service asks of a classifier; the classifier package and test fakes provide it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderation.domain.drift import Spread
from moderation.domain.policy import Outcome, Policy
from moderation.domain.rules import RuleMatch
from moderation.domain.verdict import Label, Scores, SpamKind, Span


@dataclass(frozen=True, slots=True)
class Article:
    """The story a comment stands under; every field may be empty."""

    title: str = ""
    section: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A comment as the classifier reads it: its text and what it answers to."""

    text: str
    article: Article | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the classifier made of a passage.

    ``known_language`` is false when too little of the text resembles the languages the
    model was trained on for its scores to mean anything. Character ``i`` of ``read_as`` was
    written at ``starts[i]`` and on; ``None`` where it stands as it was written. ``known_share`` is
    the share of its words that the model knows; ``legible`` is false where too few can be read for
    its scores alone to reject it.
    """

    scores: Scores
    read_as: str
    known_language: bool = True
    starts: Sequence[int] | None = None
    known_share: float = 1.0
    legible: bool = True

    def judged_by(self, policy: Policy, matches: Sequence[RuleMatch] = ()) -> Outcome:
        """Return what a policy makes of it, beside what a site's rules ask for."""
        return policy.decide(
            self.scores, matches, known_language=self.known_language, legible=self.legible
        )

    def place_as_written(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``read_as[start:end]`` stands in the text as written."""
        if self.starts is None:
            return start, end
        first, last = self.starts[start], self.starts[end]
        while last <= first and end < len(self.read_as):
            end += 1
            last = self.starts[end]
        return first, last


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a passage scored as it did: for each label asked, the spans that carried its score.

    ``spam_kind`` is what kind of spam it is, where spam was asked about and the kind is plain.
    """

    spans: Mapping[Label, tuple[Span, ...]]
    spam_kind: SpamKind | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """When a model was made and how its scores were spread then, as far as its manifest says."""

    created: datetime | None = None
    spread: Spread | None = None


class Scorer(Protocol):
    """A loaded model with the policy calibrated for it."""

    @property
    def version(self) -> str:
        """The model's version, as in its manifest."""

    @property
    def policy(self) -> Policy:
        """The thresholds that travel with this model."""

    @property
    def origin(self) -> Origin:
        """What is known of its making."""

    def read(self, passages: Sequence[Passage]) -> list[Reading]:
        """Score passages, one reading each, in order."""

    def explain(
        self, passages: Sequence[Passage], labels: Sequence[Collection[Label]]
    ) -> list[Explanation]:
        """Explain the labels asked about each passage, taking it that they hold.

        Spans point into the text as written. Many passages at once cost a fraction of many calls.
        """
