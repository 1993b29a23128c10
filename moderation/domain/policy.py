"""Thresholds, and the only place that turns scores into a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

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


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict and the crossings that led to it, the worst first."""

    verdict: Verdict
    crossings: tuple[Crossing, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A versioned set of bands, one a label."""

    version: str
    bands: Mapping[Label, Band]

    def __post_init__(self) -> None:
        missing = [label.value for label in LABELS if label not in self.bands]
        if missing:
            raise ValueError(f"the policy {self.version} has no band for {', '.join(missing)}")

    def decide(self, scores: Scores, *, known_language: bool = True) -> Outcome:
        """Return the strictest verdict any label asks for.

        Labels are judged one by one, never summed: two mild scores are two mild scores, and
        a moderator must be able to see which one crossed. Text in a language the model does
        not know always goes to a person: its scores mean nothing in either direction.
        """
        crossings: list[Crossing] = []
        rejected = False
        for label, score in scores.items():
            band = self.bands[label]
            if band.reject is not None and score >= band.reject:
                rejected = True
                crossings.append(Crossing(label, score, band.reject))
            elif score >= band.review:
                crossings.append(Crossing(label, score, band.review))
        if not known_language:
            verdict = Verdict.REVIEW
        elif rejected:
            verdict = Verdict.REJECT
        else:
            verdict = Verdict.REVIEW if crossings else Verdict.APPROVE
        crossings.sort(key=lambda crossing: crossing.score, reverse=True)
        return Outcome(verdict, tuple(crossings))

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
