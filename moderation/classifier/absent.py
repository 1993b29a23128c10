"""Stands in when there is no champion to load."""

from collections.abc import Collection, Sequence

from moderation.domain.policy import Band, Policy
from moderation.domain.scorer import Explanation, Origin, Passage, Reading
from moderation.domain.verdict import LABELS, Label
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
        self, passages: Sequence[Passage], labels: Sequence[Collection[Label]]
    ) -> list[Explanation]:
        """Mark nothing."""
        asked = zip(passages, labels, strict=True)
        return [Explanation(dict.fromkeys(wanted, ())) for _, wanted in asked]
