"""Stands in when there is no champion to load."""

from collections.abc import Iterable, Mapping, Sequence

from moderation.domain.policy import Band, Policy
from moderation.domain.scorer import Origin, Passage, Reading
from moderation.domain.verdict import LABELS, Label, Span
from moderation.errors import ArtefactError


class AbsentScorer:
    """A scorer that can read nothing, so that every comment goes to a person."""

    version = ""
    origin = Origin()
    policy = Policy("", {label: Band(0.0, None) for label in LABELS})

    def read(self, passages: Sequence[Passage]) -> list[Reading]:
        """Raise ``ArtefactError``: there is nothing to score with."""
        raise ArtefactError(f"no champion is loaded; {len(passages)} comments go to a person")

    def explain(
        self, passage: Passage, labels: Iterable[Label]
    ) -> Mapping[Label, tuple[Span, ...]]:
        """Mark nothing."""
        return dict.fromkeys(labels, ())
