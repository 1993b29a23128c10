"""What people decided, numbered per site in the order it was committed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.decision import Decision, Ruling, Source
from moderation.domain.verdict import Label
from moderation.storage import day_figures
from moderation.storage.desk_schema import profiles
from moderation.storage.identity import new_id
from moderation.storage.schema import comments, decisions, sites, users

# Only for our own people: a site's client may use the same name for somebody else.
_PSEUDONYM = (
    sa.select(profiles.c.pseudonym)
    .join(users, users.c.id == profiles.c.user_id)
    .where(
        users.c.username == decisions.c.decided_by,
        decisions.c.source == Source.CONSOLE.value,
    )
    .scalar_subquery()
    .label("pseudonym")
)

# Above every number that is ever given.
_BEYOND = 2**63 - 1


@dataclass(frozen=True, slots=True)
class DecidedComment:
    """A decision as a polling site reads it; ``seq`` is the cursor to go on after."""

    id: UUID
    seq: int
    comment_pk: UUID
    comment_id: str
    revision: int
    ruling: Ruling


def add(tx: sa.Connection, site_id: int, comment_pk: UUID, ruling: Ruling) -> UUID:
    """Store a decision under the site's next number, and return its id."""
    seq = tx.execute(
        sa.update(sites)
        .where(sites.c.id == site_id)
        .values(decision_seq=sites.c.decision_seq + 1)
        .returning(sites.c.decision_seq)
    ).scalar_one()
    decision_id = new_id(ruling.decided_at)
    tx.execute(
        sa.insert(decisions),
        {
            "id": decision_id,
            "site_id": site_id,
            "seq": seq,
            "comment_pk": comment_pk,
            "decision": ruling.decision.value,
            "labels": [label.value for label in ruling.labels],
            "note": ruling.note,
            "decided_by": ruling.decided_by,
            "source": ruling.source.value,
            "decided_at": ruling.decided_at,
            "effective_at": ruling.effective_at,
        },
    )
    tx.execute(
        sa.update(comments)
        .where(comments.c.id == comment_pk)
        .values(standing=ruling.decision.value)
    )
    return decision_id


def list_after(
    tx: sa.Connection, site_id: int, seq: int, *, limit: int, now: datetime
) -> list[DecidedComment]:
    """Return a site's decisions numbered above ``seq``, the earliest first.

    The list ends before the first decision that may still be undone, even if later ones are
    effective: a site that goes on after the last number it has read must not miss one.
    """
    pending = (
        sa.select(decisions.c.seq)
        .where(
            decisions.c.site_id == site_id,
            decisions.c.effective_at > now,
            # Without a grace it holds at once, even where the clock has stepped back since.
            decisions.c.effective_at > decisions.c.decided_at,
            decisions.c.undone_at.is_(None),
        )
        .order_by(decisions.c.seq)
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        sa.select(decisions, _PSEUDONYM, comments.c.comment_id, comments.c.revision)
        .join(comments, comments.c.id == decisions.c.comment_pk)
        .where(
            decisions.c.site_id == site_id,
            decisions.c.seq > seq,
            decisions.c.seq < sa.func.coalesce(pending, _BEYOND),
            decisions.c.undone_at.is_(None),
        )
        .order_by(decisions.c.seq)
        .limit(limit)
    )
    return [
        DecidedComment(
            id=row.id,
            seq=row.seq,
            comment_pk=row.comment_pk,
            comment_id=row.comment_id,
            revision=row.revision,
            ruling=_ruling_from(row),
        )
        for row in tx.execute(statement)
    ]


def find_latest(tx: sa.Connection, comment_pks: Iterable[UUID]) -> dict[UUID, Ruling]:
    """Return the last decision on each of these comments that was not undone."""
    rows = tx.execute(
        sa.select(decisions, _PSEUDONYM)
        .where(decisions.c.comment_pk.in_(list(comment_pks)), decisions.c.undone_at.is_(None))
        .order_by(decisions.c.seq)
    )
    return {row.comment_pk: _ruling_from(row) for row in rows}


def undo_latest(tx: sa.Connection, comment_pk: UUID, *, now: datetime) -> tuple[UUID, int] | None:
    """Mark a comment's last decision as undone; return its id and its site's.

    Its number stays taken, so that none is given twice.
    """
    standing = (
        sa.select(decisions)
        .where(decisions.c.comment_pk == comment_pk, decisions.c.undone_at.is_(None))
        .order_by(decisions.c.seq.desc())
        .limit(1)
    )
    named = decisions.c.id, decisions.c.site_id, decisions.c.decided_at
    last = tx.execute(standing.with_only_columns(*named)).one_or_none()
    if last is None:
        return None
    tx.execute(sa.update(decisions).where(decisions.c.id == last.id).values(undone_at=now))
    before = standing.with_only_columns(decisions.c.decision).scalar_subquery()
    tx.execute(
        sa.update(comments)
        .where(comments.c.id == comment_pk)
        .values(standing=sa.func.coalesce(before, comments.c.verdict))
    )
    day_figures.forget_since(tx, last.decided_at, now=now)
    return last.id, last.site_id


def _ruling_from(row: Any) -> Ruling:
    return Ruling(
        decision=Decision(row.decision),
        labels=tuple(Label(name) for name in row.labels),
        note=row.note,
        decided_by=row.decided_by,
        source=Source(row.source),
        decided_at=row.decided_at,
        signed_as=row.pseudonym or "",
        grace=row.effective_at - row.decided_at,
    )
