"""Decisions whose labels a model doubts, put where people look at decisions again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.verdict import Label
from moderation.storage.desk_schema import second_looks
from moderation.storage.schema import comments, decisions, queue_items
from moderation.storage.second_looks import Origin

# SQLite takes 32,766 parameters a statement; this leaves room.
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Doubted:
    """A label said to hold, or not to, and how doubtful that is: rank 1 is the most doubtful."""

    label: Label
    given: bool
    rank: int


def ask_again(
    tx: sa.Connection, doubted: Mapping[UUID, Doubted], *, most: int, now: datetime
) -> dict[int, int]:
    """Ask for a second look at the most doubtful of these comments; return how many by site.

    Left alone is what was erased, waits or was decided otherwise since, and whatever somebody
    looked at again already or is about to.
    """
    rows = [
        row
        for row in sorted(_askable(tx, list(doubted)), key=lambda row: doubted[row.comment_pk].rank)
        if _still_says(row, doubted[row.comment_pk])
    ][:most]
    if rows:
        tx.execute(
            sa.insert(second_looks),
            [
                {
                    "decision_id": row.id,
                    "site_id": row.site_id,
                    "drawn_at": now,
                    "origin": Origin.DOUBT.value,
                    "rank": doubted[row.comment_pk].rank,
                }
                for row in rows
            ],
        )
    asked: dict[int, int] = {}
    for row in rows:
        asked[row.site_id] = asked.get(row.site_id, 0) + 1
    return asked


def _askable(tx: sa.Connection, pks: list[UUID]) -> list[Any]:
    """Return the last decision on each comment that nobody has been asked about again."""
    later = decisions.alias("later")
    others = decisions.alias("others")
    found: list[Any] = []
    for start in range(0, len(pks), _AT_ONCE):
        found += tx.execute(
            sa.select(decisions)
            .join(queue_items, queue_items.c.comment_pk == decisions.c.comment_pk)
            .join(comments, comments.c.id == decisions.c.comment_pk)
            .where(
                decisions.c.comment_pk.in_(pks[start : start + _AT_ONCE]),
                decisions.c.undone_at.is_(None),
                queue_items.c.closed_at.is_not(None),
                comments.c.erased_at.is_(None),
                ~sa.exists().where(
                    later.c.comment_pk == decisions.c.comment_pk,
                    later.c.seq > decisions.c.seq,
                    later.c.undone_at.is_(None),
                ),
                ~sa.exists().where(
                    others.c.comment_pk == decisions.c.comment_pk,
                    others.c.id == second_looks.c.decision_id,
                ),
            )
        ).all()
    return found


def _still_says(row: Any, doubted: Doubted) -> bool:
    return (doubted.label.value in row.labels) is doubted.given
