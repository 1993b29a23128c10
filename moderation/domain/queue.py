"""Which waiting comment a person should see first, and who may act on one."""

import hashlib
from datetime import datetime, timedelta

from moderation.domain.verdict import Label, Scores

SHORTEST_LEASE = timedelta(seconds=1)
LONGEST_LEASE = timedelta(hours=1)
MOST_CLAIMED = 100

# Texts are alike when this many of their first letters and digits are; shorter ones say nothing.
_LIKENESS_READS = 60
_LIKENESS_NEEDS = 12

# How much harm a published comment of each kind does, relative to spam: a threat or an
# incitement can reach a person within minutes, an advertisement cannot. Raising one needs the
# priority of what waits to be computed again: ``least_priority`` counts on it.
HARM: dict[Label, float] = {
    Label.SPAM: 1.0,
    Label.ABUSE: 1.5,
    Label.SEXUAL: 2.0,
    Label.HATE: 2.5,
    Label.THREAT: 3.0,
}
UNSCORED_PRIORITY = max(HARM.values())


def rank(scores: Scores) -> float:
    """Return the priority of a waiting comment: the largest harm its scores make likely.

    A comment that could not be scored may be anything, so it waits in front.
    """
    if not scores:
        return UNSCORED_PRIORITY
    return max(HARM[label] * score for label, score in scores.items())


def least_priority(score: float, label: Label | None) -> float:
    """Return what ``rank`` gives at least where a label, or any, has this score.

    So a filter by score need not look at what waits further back.
    """
    return score * (min(HARM.values()) if label is None else HARM[label])


def likeness_of(read_as: str) -> str:
    """Return the same short digest for texts that begin alike, empty for very short ones."""
    kept = "".join(char for char in read_as.casefold() if char.isalnum())[:_LIKENESS_READS]
    if len(kept) < _LIKENESS_NEEDS:
        return ""
    return hashlib.blake2b(kept.encode(), digest_size=16).hexdigest()


def holds(holder: str | None, lease_until: datetime | None, *, now: datetime) -> bool:
    """Say whether somebody holds an item now; a lease ends at ``lease_until``, exclusive."""
    return holder is not None and lease_until is not None and now < lease_until
