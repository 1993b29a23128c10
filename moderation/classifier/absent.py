"""Stands in when there is no champion to load."""

from collections.abc import Collection, Mapping, Sequence

from moderation.domain.policy import Band, Policy
from moderation.domain.scorer import Passage, Reading
from moderation.domain.verdict import LABELS, Label, SpamKind, Span
from moderation.errors import ArtefactError


class AbsentScorer:
    """A scorer that can read nothing, so that every comment goes to a person."""

    version = ""
    policy = Policy("", {label: Band(0.0, None) for label in LABELS})

    def read(self, passages: Sequence[Passage]) -> list[Reading]:
        """Raise ``ArtefactError``: there is nothing to score with."""
        raise ArtefactError(f"no champion is loaded; {len(passages)} comments go to a person")

    def explain(
        self, passages: Sequence[Passage], labels: Sequence[Collection[Label]]
    ) -> list[Mapping[Label, tuple[Span, ...]]]:
        """Mark nothing."""
        return [dict.fromkeys(asked, ()) for _, asked in zip(passages, labels, strict=True)]

    def name_spam(self, passage: Passage) -> SpamKind | None:
        """Name nothing."""
        return None
