"""A small random share of what the machine answers alone is shown to people, to measure it."""

from dataclasses import dataclass

from moderation.domain.decision import Decision
from moderation.domain.verdict import Verdict

_DIGITS = 16
_RANGE = float(1 << 4 * _DIGITS)

_AGREES = {Verdict.APPROVE: Decision.APPROVE, Verdict.REJECT: Decision.REJECT}

AUTOMATIC = tuple(_AGREES)
"""The verdicts that take effect without a person."""


def is_drawn(keyed_hash: str, share: float) -> bool:
    """Say whether a comment is drawn, by a hash of its id that nobody outside can compute.

    A hash rather than chance, so that a comment sent again is not drawn again.
    """
    return int(keyed_hash[:_DIGITS], 16) < share * _RANGE


@dataclass(frozen=True, slots=True)
class Precision:
    """How often people agreed with a verdict, of the comments drawn; ``waiting`` still wait."""

    answered: int = 0
    agreed: int = 0
    waiting: int = 0

    @property
    def share(self) -> float | None:
        """Return the share people agreed with, ``None`` where nobody answered."""
        return self.agreed / self.answered if self.answered else None


def tally(counts: dict[tuple[Verdict, Decision | None], int]) -> dict[Verdict, Precision]:
    """Sum how often each verdict met each decision, or none yet."""
    found: dict[Verdict, Precision] = {}
    for verdict, agreeing in _AGREES.items():
        answered = {
            decision: count
            for (of, decision), count in counts.items()
            if of is verdict and decision is not None
        }
        found[verdict] = Precision(
            answered=sum(answered.values()),
            agreed=answered.get(agreeing, 0),
            waiting=counts.get((verdict, None), 0),
        )
    return found
