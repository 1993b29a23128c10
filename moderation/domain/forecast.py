"""What a policy would have done with comments already scored, and the dial that chooses one."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moderation.domain.policy import Band, Policy
from moderation.domain.verdict import LABELS, Label, Scores, Verdict

# The dial moves every review threshold by the same step of log-odds, so the balance between
# labels stays as the model's calibration set it.
_STRICTEST, _LOOSEST, _STEP = -4.0, 4.0, 0.25
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Sample:
    """A comment already scored; ``rejected_for`` is what a person said of it, if anyone did.

    ``readable`` is false where the scores mean nothing: it waits for a person in any case.
    """

    scores: Scores
    readable: bool
    rejected_for: frozenset[Label] | None

    def likely_harm(self) -> float:
        """Return how likely it harms: what a person said, else what the scores say together."""
        if self.rejected_for is not None:
            return 1.0 if self.rejected_for else 0.0
        return 1.0 - math.prod(1.0 - score for score in self.scores.values())


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many comments that would be published people have read, and how many they rejected."""

    tested: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a policy would have done with a sample of comments."""

    counts: Mapping[Verdict, int]
    slipping: float
    evidence: Evidence
    loosened: Mapping[Label, Evidence]

    @property
    def considered(self) -> int:
        """Return how many comments the forecast rests on."""
        return sum(self.counts.values())

    @property
    def slip_share(self) -> float:
        """Return the share of published comments that are likely harmful."""
        published = self.counts[Verdict.APPROVE]
        return self.slipping / published if published else 0.0


def predict(policy: Policy, samples: Sequence[Sample], *, base: Policy) -> Forecast:
    """Return what ``policy`` would have done; evidence a label is of what ``base`` held back."""
    counts = dict.fromkeys(Verdict, 0)
    published: list[Sample] = []
    for sample in samples:
        verdict = policy.decide(sample.scores, known_language=sample.readable).verdict
        counts[verdict] += 1
        if verdict is Verdict.APPROVE:
            published.append(sample)
    return Forecast(
        counts=counts,
        slipping=sum(sample.likely_harm() for sample in published),
        evidence=_evidence(published),
        loosened={
            label: _evidence(
                [one for one in published if one.scores[label] >= base.bands[label].review], label
            )
            for label in LABELS
            if policy.bands[label].review > base.bands[label].review
        },
    )


def turn(base: Policy, samples: Sequence[Sample], *, allowed: float, version: str) -> Policy:
    """Return the loosest policy under which at most ``allowed`` of the published are harmful.

    It stops before the first step that breaks the promise, and never moves the thresholds of
    automatic rejection. Without samples it is ``base`` itself under the new version.
    """
    chosen = shifted(base, _STRICTEST if samples else 0.0, version=version)
    shift = _STRICTEST
    while samples and shift <= _LOOSEST:
        candidate = shifted(base, shift, version=version)
        if predict(candidate, samples, base=base).slip_share > allowed:
            break
        chosen = candidate
        shift += _STEP
    return chosen


def shifted(base: Policy, shift: float, *, version: str) -> Policy:
    """Return a policy with every review threshold moved by ``shift`` in log-odds."""
    return Policy(version, {label: _shifted(band, shift) for label, band in base.bands.items()})


def fewest_needed(allowed: float, confidence: float) -> int:
    """Return how many comments, all found harmless, it takes to promise ``allowed``."""
    return math.ceil(math.log(1.0 - confidence) / math.log(1.0 - allowed))


def _shifted(band: Band, shift: float) -> Band:
    inside = min(max(band.review, _TINY), 1.0 - _TINY)
    moved = 1.0 / (1.0 + (1.0 / inside - 1.0) * math.exp(-shift)) if shift else band.review
    return Band(min(moved, 1.0 if band.reject is None else band.reject), band.reject)


def _evidence(published: Sequence[Sample], label: Label | None = None) -> Evidence:
    read = [one.rejected_for for one in published if one.rejected_for is not None]
    wrong = sum(bool(labels) if label is None else label in labels for labels in read)
    return Evidence(len(read), wrong)
