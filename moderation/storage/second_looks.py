"""Decisions drawn for a second, blind answer, and how large a share each newsroom draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.agreement import USUAL_SHARE, Answer
from moderation.domain.decision import Decision
from moderation.domain.overview import Period
from moderation.domain.reach import Reach
from moderation.domain.verdict import Label
from moderation.storage.desk_schema import newsrooms, second_looks
from moderation.storage.reach import within
from moderation.storage.schema import decisions, queue_items


class Origin(StrEnum):
    """Why a decision is looked at again."""

    CHANCE = "chance"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A decision that waits for its second answer. What was decided is left out on purpose."""

    decision_id: UUID
    comment_pk: UUID
    site_id: int
    origin: Origin = Origin.CHANCE


@dataclass(frozen=True, slots=True)
class Pair:
    """Both answers on one comment."""

    comment_pk: UUID
    item_id: UUID
    first_by: str
    first: Answer
    second_by: str
    second: Answer
    answered_at: datetime


def find_share(tx: sa.Connection, site_id: int) -> float:
    """Return the share of a newsroom's decisions that is looked at again."""
    statement = sa.select(newsrooms.c.second_look_share).where(newsrooms.c.site_id == site_id)
    share = tx.execute(statement).scalar_one_or_none()
    return USUAL_SHARE if share is None else float(share)


def set_share(tx: sa.Connection, site_id: int, share: float) -> None:
    """Set the share of a newsroom."""
    changed = tx.execute(
        sa.update(newsrooms).where(newsrooms.c.site_id == site_id).values(second_look_share=share)
    )
    if changed.rowcount == 0:
        tx.execute(sa.insert(newsrooms), {"site_id": site_id, "second_look_share": share})


def add(tx: sa.Connection, site_id: int, decision_id: UUID, *, now: datetime) -> None:
    """Draw a decision."""
    row = {"decision_id": decision_id, "site_id": site_id, "drawn_at": now}
    tx.execute(sa.insert(second_looks), row)


def find_next(tx: sa.Connection, moderator: str, reach: Reach) -> Drawn | None:
    """Return the earliest drawn decision that somebody else made."""
    order = second_looks.c.drawn_at, second_looks.c.rank
    row = tx.execute(_select_waiting(moderator, reach).order_by(*order).limit(1)).one_or_none()
    return None if row is None else _drawn_from(row)


def find_waiting(
    tx: sa.Connection, decision_id: UUID, moderator: str, reach: Reach
) -> Drawn | None:
    """Return a drawn decision if it waits still and this person may answer it."""
    statement = _select_waiting(moderator, reach).where(second_looks.c.decision_id == decision_id)
    row = tx.execute(statement).one_or_none()
    return None if row is None else _drawn_from(row)


def find_drawn(tx: sa.Connection, comment_pk: UUID) -> UUID | None:
    """Return the drawn decision on a comment that has no second answer yet."""
    statement = (
        sa.select(second_looks.c.decision_id)
        .join(decisions, decisions.c.id == second_looks.c.decision_id)
        .where(decisions.c.comment_pk == comment_pk, second_looks.c.answered_at.is_(None))
        .limit(1)
    )
    return tx.execute(statement).scalar_one_or_none()


def count_waiting(tx: sa.Connection, moderator: str, reach: Reach) -> int:
    """Return how many wait for this person."""
    waiting = _select_waiting(moderator, reach).subquery()
    return int(tx.execute(sa.select(sa.func.count()).select_from(waiting)).scalar_one())


def answer(tx: sa.Connection, decision_id: UUID, answer: Answer, *, by: str, now: datetime) -> bool:
    """Store the second answer; return false if somebody gave one before."""
    changed = tx.execute(
        sa.update(second_looks)
        .where(second_looks.c.decision_id == decision_id, second_looks.c.answered_at.is_(None))
        .values(
            answered_by=by,
            answered_at=now,
            decision=answer.decision.value,
            labels=sorted(label.value for label in answer.labels),
        )
    )
    return changed.rowcount == 1


def list_pairs(
    tx: sa.Connection, period: Period, reach: Reach, *, site_id: int | None
) -> list[Pair]:
    """Return the pairs completed in a period, the latest first.

    Only of decisions drawn by chance: doubted ones would make people look more divided than
    they are.
    """
    statement = (
        sa.select(
            decisions.c.comment_pk,
            decisions.c.decided_by,
            decisions.c.decision.label("first_decision"),
            decisions.c.labels.label("first_labels"),
            queue_items.c.id.label("item_id"),
            second_looks,
        )
        .join(decisions, decisions.c.id == second_looks.c.decision_id)
        .join(queue_items, queue_items.c.comment_pk == decisions.c.comment_pk)
        .where(
            second_looks.c.answered_at >= period.start,
            second_looks.c.answered_at < period.end,
            decisions.c.undone_at.is_(None),
            second_looks.c.origin == Origin.CHANCE.value,
            *within(reach, queue_items.c.site_id, queue_items.c.section),
        )
        .order_by(second_looks.c.answered_at.desc())
    )
    if site_id is not None:
        statement = statement.where(second_looks.c.site_id == site_id)
    return [_pair_from(row) for row in tx.execute(statement)]


def _select_waiting(moderator: str, reach: Reach) -> Any:
    """A decision taken back is no first answer, and its comment waits for a new one."""
    return (
        sa.select(
            second_looks.c.decision_id,
            second_looks.c.site_id,
            second_looks.c.origin,
            decisions.c.comment_pk,
        )
        .join(decisions, decisions.c.id == second_looks.c.decision_id)
        .join(queue_items, queue_items.c.comment_pk == decisions.c.comment_pk)
        .where(
            second_looks.c.answered_at.is_(None),
            decisions.c.decided_by != moderator,
            decisions.c.undone_at.is_(None),
            queue_items.c.closed_at.is_not(None),
            *within(reach, queue_items.c.site_id, queue_items.c.section),
        )
    )


def _drawn_from(row: Any) -> Drawn:
    return Drawn(row.decision_id, row.comment_pk, row.site_id, Origin(row.origin))


def _pair_from(row: Any) -> Pair:
    return Pair(
        comment_pk=row.comment_pk,
        item_id=row.item_id,
        first_by=row.decided_by,
        first=_answer_from(row.first_decision, row.first_labels),
        second_by=row.answered_by,
        second=_answer_from(row.decision, row.labels),
        answered_at=row.answered_at,
    )


def _answer_from(decision: str, labels: Sequence[str]) -> Answer:
    return Answer(Decision(decision), frozenset(Label(name) for name in labels))
