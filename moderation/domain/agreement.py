"""How far two people agree beyond chance, from answers neither saw of the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from moderation.domain.decision import Decision
from moderation.domain.verdict import LABELS, Label

LOWEST_SHARE, HIGHEST_SHARE, USUAL_SHARE = 0.02, 0.05, 0.03
FEWEST_PAIRS = 30

# The last 62 bits of an id are random (RFC 9562, version 7).
_RANDOM = 1 << 62


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision with its labels."""

    decision: Decision
    labels: frozenset[Label]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cohen's kappa of some pairs; ``None`` where both always said the same one thing."""

    pairs: int
    agreed: int
    kappa: float | None


def is_drawn(decision_id: UUID, share: float) -> bool:
    """Say whether a decision is looked at again.

    It depends on the random part of its id alone, so nobody can foresee it and nothing has to
    be remembered.
    """
    return (decision_id.int % _RANDOM) / _RANDOM < share


def measure(pairs: Iterable[tuple[bool, bool]]) -> Agreement:
    """Return the agreement on a yes-or-no question."""
    answers = list(pairs)
    count = len(answers)
    agreed = sum(first == second for first, second in answers)
    if count == 0:
        return Agreement(0, 0, None)
    first_yes = sum(first for first, _ in answers) / count
    second_yes = sum(second for _, second in answers) / count
    by_chance = first_yes * second_yes + (1 - first_yes) * (1 - second_yes)
    if by_chance == 1.0:
        return Agreement(count, agreed, None)
    return Agreement(count, agreed, (agreed / count - by_chance) / (1 - by_chance))


def measure_decisions(pairs: Sequence[tuple[Answer, Answer]]) -> Agreement:
    """Return the agreement on whether to publish."""
    return measure(
        (first.decision is Decision.REJECT, second.decision is Decision.REJECT)
        for first, second in pairs
    )


def measure_labels(pairs: Sequence[tuple[Answer, Answer]]) -> dict[Label, Agreement]:
    """Return the agreement on each label."""
    return {
        label: measure((label in first.labels, label in second.labels) for first, second in pairs)
        for label in LABELS
    }
