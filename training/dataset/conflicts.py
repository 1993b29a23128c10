"""Which of several statements counts: about one comment, about copies, about near-copies.

The rule, word for word what a dataset's manifest says, is :data:`RULE`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from moderation.domain.verdict import Label
from training.dataset.statements import RANK, Statement

RULE = (
    "A second look by another person counts before a moderator, a moderator before the site's own "
    "people, they before a labelled file; within a rank the later statement counts. Decisions that "
    "were undone, may still be undone, or were overturned by a later decision on the same comment "
    "do not count. A statement that contradicts none before it fills in labels they left unknown. "
    "Copies are one row; near-copies are one row where they do not contradict each other. "
    "Published means that no label holds; rejected means that the named labels hold and the others "
    "are unknown."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """The statement that counts, with the labels others filled in and the comments it stands for.

    ``first_at`` is when the earliest of them came.
    """

    statement: Statement
    known: dict[Label, bool]
    harmful: bool | None
    copies: int
    first_at: datetime | None


def finding_of(statement: Statement) -> Finding:
    """Return what one statement alone finds."""
    return Finding(statement, dict(statement.known), statement.harmful, 1, statement.at)


def precedence(finding: Finding) -> tuple[int, float, int, str]:
    """Return the key under which the finding that counts comes first; an undated one is old."""
    said = finding.statement
    at = said.said_at.timestamp() if said.said_at else float("-inf")
    return RANK[said.voice], -at, -said.place, said.comment


def agree(one: Finding, other: Finding) -> bool:
    """Tell whether two findings contradict each other neither as a whole nor on a label."""
    if None not in {one.harmful, other.harmful} and one.harmful is not other.harmful:
        return False
    return all(other.known.get(label, holds) is holds for label, holds in one.known.items())


def joined(one: Finding, other: Finding, *, copies: int) -> Finding:
    """Let ``one``, which counts, take over the labels that only ``other`` knows."""
    times = [at for at in (one.first_at, other.first_at) if at is not None]
    return replace(
        one,
        known={**other.known, **one.known},
        harmful=other.harmful if one.harmful is None else one.harmful,
        copies=copies,
        first_at=min(times, default=None),
    )


def settle(findings: Iterable[Finding], left_out: Counter[str]) -> Finding:
    """Return what counts of several findings on one comment; count the others."""
    best, *others = sorted(findings, key=precedence)
    for other in others:
        if agree(best, other):
            best = joined(best, other, copies=1)
            left_out["agreeing"] += 1
        else:
            left_out["outranked"] += 1
    return best


def fold(findings: Iterable[Finding], left_out: Counter[str], *, same_text: bool) -> list[Finding]:
    """Make findings on copies of one text one; those that contradict stay apart if only near.

    Of the same text there is one truth: what contradicts the finding that counts is left out.
    """
    kept: list[Finding] = []
    for finding in sorted(findings, key=precedence):
        at = next((at for at, one in enumerate(kept) if agree(one, finding)), None)
        if at is not None:
            kept[at] = joined(kept[at], finding, copies=kept[at].copies + finding.copies)
            left_out["copies"] += 1
        elif same_text and kept:
            left_out["outranked"] += 1
        else:
            kept.append(finding)
    return kept


def counted(names: Sequence[str], tally: Counter[str]) -> dict[str, int]:
    """Return the counts under fixed names, zeros included, so that manifests compare."""
    return {name: tally[name] for name in names}
