"""What a challenger would have answered, beside what the champion did."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.verdict import LABELS, Scores, Verdict
from moderation.storage.retraining_schema import shadow_scores
from moderation.storage.schema import comments

_WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What one model makes of a comment."""

    version: str
    verdict: Verdict
    scores: Scores


@dataclass(frozen=True, slots=True)
class Pair:
    """Both models' answers to one comment."""

    comment_pk: UUID
    at: datetime
    champion: Answer
    challenger: Answer


def add(tx: sa.Connection, pairs: Sequence[Pair]) -> None:
    """Store some pairs."""
    tx.execute(sa.insert(shadow_scores), [_to_row(pair) for pair in pairs])


def find_last_challenger(tx: sa.Connection) -> str | None:
    """Return the challenger that was compared last."""
    statement = sa.select(shadow_scores.c.challenger).order_by(shadow_scores.c.at.desc()).limit(1)
    return tx.execute(statement).scalar()


def list_pairs(tx: sa.Connection, challenger: str) -> Iterator[Pair]:
    """Give a challenger's pairs in order of time, a few in memory at a time."""
    statement = (
        sa.select(shadow_scores)
        .where(shadow_scores.c.challenger == challenger)
        .order_by(shadow_scores.c.at, shadow_scores.c.comment_pk)
        .execution_options(yield_per=1_000)
    )
    for row in tx.execute(statement):
        yield _from_row(row)


def count_comments(tx: sa.Connection, first: datetime, last: datetime) -> int:
    """Return how many comments came in within a time, both ends included."""
    statement = sa.select(sa.func.count()).where(comments.c.received_at.between(first, last))
    return int(tx.execute(statement).scalar_one())


def forget_before(tx: sa.Connection, cutoff: datetime) -> None:
    """Drop what is older."""
    tx.execute(sa.delete(shadow_scores).where(shadow_scores.c.at < cutoff))


def _to_row(pair: Pair) -> dict[str, Any]:
    row: dict[str, Any] = {"comment_pk": pair.comment_pk, "at": pair.at}
    for role, answer in (("champion", pair.champion), ("challenger", pair.challenger)):
        row |= {role: answer.version, f"{role}_verdict": answer.verdict.value}
        row |= {f"{role}_{label}": round(answer.scores[label] * _WHOLE) for label in LABELS}
    return row


def _from_row(row: Any) -> Pair:
    fields = row._mapping

    def answer(role: str) -> Answer:
        scores = {label: fields[f"{role}_{label}"] / _WHOLE for label in LABELS}
        return Answer(fields[role], Verdict(fields[f"{role}_verdict"]), scores)

    return Pair(row.comment_pk, row.at, answer("champion"), answer("challenger"))
