"""Thresholds, and the only place that turns scores into a verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from moderation.domain.rules import Effect, RuleMatch
from moderation.domain.verdict import LABELS, Label, Scores, Verdict


@dataclass(frozen=True, slots=True)
class Band:
    """One label's two cut-offs: below ``review`` is clean, from ``reject`` on is rejected.

    ``reject`` is ``None`` where the data could not promise that automatic rejection is safe.
    """

    review: float
    reject: float | None

    def __post_init__(self) -> None:
        upper = 1.0 if self.reject is None else self.reject
        if not 0.0 <= self.review <= upper <= 1.0:
            raise ValueError(f"a band needs 0 <= review <= reject <= 1, not {self}")


@dataclass(frozen=True, slots=True)
class Crossing:
    """A label whose score reached a threshold, with the highest threshold it reached."""

    label: Label
    score: float
    threshold: float


class Step(StrEnum):
    """The steps of a decision, in their order: the first that applies gives the verdict."""

    REJECT_RULE = "reject_rule"
    UNREADABLE = "unreadable"
    REJECT_THRESHOLD = "reject_threshold"
    HOLD_RULE = "hold_rule"
    ALLOW_RULE = "allow_rule"
    REVIEW_THRESHOLD = "review_threshold"
    CLEAN = "clean"


_VERDICTS = {
    Step.REJECT_RULE: Verdict.REJECT,
    Step.UNREADABLE: Verdict.REVIEW,
    Step.REJECT_THRESHOLD: Verdict.REJECT,
    Step.HOLD_RULE: Verdict.REVIEW,
    Step.ALLOW_RULE: Verdict.APPROVE,
    Step.REVIEW_THRESHOLD: Verdict.REVIEW,
    Step.CLEAN: Verdict.APPROVE,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict, the step that gave it, and the crossings behind it, the worst first."""

    verdict: Verdict
    crossings: tuple[Crossing, ...]
    step: Step


@dataclass(frozen=True, slots=True)
class Policy:
    """A versioned set of bands, one a label."""

    version: str
    bands: Mapping[Label, Band]

    def __post_init__(self) -> None:
        missing = [label.value for label in LABELS if label not in self.bands]
        if missing:
            raise ValueError(f"the policy {self.version} has no band for {', '.join(missing)}")

    def decide(
        self,
        scores: Scores,
        matches: Sequence[RuleMatch] = (),
        *,
        known_language: bool = True,
        legible: bool = True,
    ) -> Outcome:
        """Weigh the scores and what the site's rules ask for, in the order of ``Step``.

        Labels are judged one by one, never summed: two mild scores are two mild scores, and
        a moderator must be able to see which one crossed. Text in a language the model does
        not know, or without scores, always goes to a person unless a rule rejects it; so does one
        that is not ``legible`` enough to be rejected by its scores. No rule lifts a reject
        threshold. Observed rules change nothing.
        """
        acting = [match for match in matches if not match.observed]
        step = max((match.step for match in acting), default=0.0)
        crossings = self._crossings(scores, 1.0 - step)
        asked = {match.effect for match in acting}
        first = _first_step(
            asked,
            readable=known_language and bool(scores),
            rejected=legible and any(self._rejects(crossing) for crossing in crossings),
            crossed=bool(crossings),
        )
        return Outcome(_VERDICTS[first], tuple(crossings), first)

    def _crossings(self, scores: Scores, factor: float) -> list[Crossing]:
        """Return what crossed; ``factor`` lowers review thresholds, never reject thresholds.

        A reject threshold promises a precision that was measured; a busy hour changes nothing
        about it.
        """
        crossings: list[Crossing] = []
        for label, score in scores.items():
            band = self.bands[label]
            if band.reject is not None and score >= band.reject:
                crossings.append(Crossing(label, score, band.reject))
            elif score >= band.review * factor:
                crossings.append(Crossing(label, score, band.review * factor))
        crossings.sort(key=lambda crossing: crossing.score, reverse=True)
        return crossings

    def _rejects(self, crossing: Crossing) -> bool:
        reject = self.bands[crossing.label].reject
        return reject is not None and crossing.score >= reject

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read what ``policy.json`` holds; a wrong one gives ``ValueError`` or ``KeyError``."""
        bands = {
            Label(name): Band(band["review"], band["reject"])
            for name, band in document["bands"].items()
        }
        return cls(document["version"], bands)

    def to_json(self) -> dict[str, Any]:
        """Return the form kept in ``policy.json``."""
        bands = {
            label.value: {"review": band.review, "reject": band.reject}
            for label, band in self.bands.items()
        }
        return {"version": self.version, "bands": bands}


def _first_step(asked: set[Effect], *, readable: bool, rejected: bool, crossed: bool) -> Step:
    if Effect.REJECT in asked:
        return Step.REJECT_RULE
    if not readable:
        return Step.UNREADABLE
    if rejected:
        return Step.REJECT_THRESHOLD
    if Effect.HOLD in asked:
        return Step.HOLD_RULE
    if Effect.ALLOW in asked:
        return Step.ALLOW_RULE
    return Step.REVIEW_THRESHOLD if crossed else Step.CLEAN
