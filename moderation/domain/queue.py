"""Which waiting comment a person should see first, and who may act on one."""

import hashlib
import math
from datetime import UTC, datetime, timedelta

from moderation.domain.verdict import Label, Scores

SHORTEST_LEASE = timedelta(seconds=1)
LONGEST_LEASE = timedelta(hours=1)
MOST_CLAIMED = 100

# Texts are alike when this many of their first letters and digits are; shorter ones say nothing.
_LIKENESS_READS = 60
_LIKENESS_NEEDS = 12

# How much harm a published comment of each kind does, relative to spam: a threat or an
# incitement can reach a person within minutes, an advertisement cannot.
HARM: dict[Label, float] = {
    Label.SPAM: 1.0,
    Label.ABUSE: 1.5,
    Label.SEXUAL: 2.0,
    Label.HATE: 2.5,
    Label.THREAT: 3.0,
}
UNSCORED_URGENCY = max(HARM.values())

LEAST_DOUBT = 0.25
"""A person's look is worth so much even where the machine is sure."""

AGE_DOUBLES = timedelta(hours=1)
"""Waiting as long as this doubles what a comment weighs."""

FLOORS = (0.5, 0.7, 0.9)
"""The scores by which waiting comments can be found, however many wait."""

_LEAST_URGENCY = 0.01
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def urgency(scores: Scores) -> float:
    """Return harm times uncertainty for the label where that is largest.

    Harm is what the score makes likely; uncertainty is the chance that the machine would be wrong
    to reject. A comment that could not be scored may be anything, so it is the most urgent.
    """
    if not scores:
        return UNSCORED_URGENCY
    return max(
        HARM[label] * score * max(1.0 - score, LEAST_DOUBT) for label, score in scores.items()
    )


def floor_of(scores: Scores) -> float:
    """Return the highest of ``FLOORS`` that any score reaches, or 0."""
    return max((floor for floor in FLOORS if floor <= max(scores.values(), default=0)), default=0)


def rank(scores: Scores, opened_at: datetime) -> float:
    """Return where a comment stands in the queue for good: the highest comes first.

    What counts at any moment is ``urgency * 2 ** (age / AGE_DOUBLES)``. Its logarithm grows at
    the same pace for every comment, so their order never changes, and the part of it that differs
    between comments can be stored and indexed.
    """
    weight = math.log2(max(urgency(scores), _LEAST_URGENCY))
    return weight - (opened_at - _BEGINNING) / AGE_DOUBLES


def likeness_of(read_as: str) -> str:
    """Return the same short digest for texts that begin alike, empty for very short ones."""
    kept = "".join(char for char in read_as.casefold() if char.isalnum())[:_LIKENESS_READS]
    if len(kept) < _LIKENESS_NEEDS:
        return ""
    return hashlib.blake2b(kept.encode(), digest_size=16).hexdigest()


def holds(holder: str | None, lease_until: datetime | None, *, now: datetime) -> bool:
    """Say whether somebody holds an item now; a lease ends at ``lease_until``, exclusive."""
    return holder is not None and lease_until is not None and now < lease_until
