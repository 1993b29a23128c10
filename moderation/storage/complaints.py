"""Complaints, takedown orders and appeals."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.complaint import ComplaintKind, Resolution
from moderation.storage.rule_schema import complaints
from moderation.storage.schema import sites


@dataclass(frozen=True, slots=True)
class Complaint:
    """One of them; ``barred`` names who decided first and may not decide an appeal."""

    id: UUID
    site_id: int
    ticket: str
    kind: ComplaintKind
    urgent: bool
    comment_pk: UUID | None
    url: str
    complainant: str
    text: str
    received_at: datetime
    due_at: datetime
    barred: str | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    resolution: Resolution | None = None
    note: str = ""
    owner: str | None = None
    evidence: dict[str, Any] | None = None
    evidence_hash: str = ""

    def is_overdue(self, now: datetime) -> bool:
        """Say whether it is still open after its time."""
        return self.resolved_at is None and self.due_at <= now


def add(tx: sa.Connection, complaint: Complaint) -> None:
    """Store a new complaint."""
    row = {column.name: getattr(complaint, column.name) for column in complaints.columns}
    row |= {"kind": complaint.kind.value, "resolution": None}
    tx.execute(sa.insert(complaints), row)


def find(
    tx: sa.Connection, site_id: int, ticket: str, *, for_update: bool = False
) -> Complaint | None:
    """Return a site's complaint by its ticket number."""
    statement = sa.select(complaints).where(
        complaints.c.ticket == ticket, complaints.c.site_id == site_id
    )
    if for_update:
        statement = statement.with_for_update()
    row = tx.execute(statement).one_or_none()
    return None if row is None else _from_row(row)


def find_by_ticket(tx: sa.Connection, ticket: str) -> Complaint | None:
    """Return any site's complaint by its ticket number."""
    row = tx.execute(sa.select(complaints).where(complaints.c.ticket == ticket)).one_or_none()
    return None if row is None else _from_row(row)


def list_of_sites(
    tx: sa.Connection, site_ids: Collection[int], *, resolved: bool, limit: int
) -> list[Complaint]:
    """Return some sites' complaints: the most pressing first, or the last resolved ones."""
    state = (
        complaints.c.resolved_at.is_not(None) if resolved else complaints.c.resolved_at.is_(None)
    )
    order = complaints.c.received_at.desc() if resolved else complaints.c.due_at
    statement = (
        sa.select(complaints)
        .where(state, complaints.c.site_id.in_(site_ids))
        .order_by(order, complaints.c.id)
        .limit(limit)
    )
    return [_from_row(row) for row in tx.execute(statement)]


def count_overdue(tx: sa.Connection, site_ids: Collection[int], *, now: datetime) -> int:
    """Return how many complaints of some sites should have been resolved by now."""
    statement = sa.select(sa.func.count()).where(
        complaints.c.resolved_at.is_(None),
        complaints.c.due_at <= now,
        complaints.c.site_id.in_(site_ids),
    )
    return int(tx.execute(statement).scalar_one())


def measure(tx: sa.Connection, *, now: datetime) -> dict[str, tuple[int, int]]:
    """Return by site how many complaints are open, and how many of them overdue."""
    overdue = sa.case((complaints.c.due_at <= now, 1), else_=0)
    of_site = sa.and_(complaints.c.site_id == sites.c.id, complaints.c.resolved_at.is_(None))
    rows = tx.execute(
        sa.select(sites.c.name, sa.func.count(complaints.c.id), sa.func.sum(overdue))
        .outerjoin_from(sites, complaints, of_site)
        .group_by(sites.c.name)
        .order_by(sites.c.name)
    )
    return {row[0]: (row[1], row[2] if row[1] else 0) for row in rows}


def set_owner(tx: sa.Connection, complaint_id: UUID, owner: str | None) -> None:
    """Say who looks after a complaint."""
    tx.execute(sa.update(complaints).where(complaints.c.id == complaint_id).values(owner=owner))


def forget_evidence(tx: sa.Connection, comment_pks: Sequence[UUID]) -> None:
    """Drop what comments said from resolved complaints; the hash stays.

    One that is not resolved keeps it as the proof that is asked for.
    """
    tx.execute(
        sa.update(complaints)
        .where(complaints.c.comment_pk.in_(comment_pks), complaints.c.resolved_at.is_not(None))
        .values(evidence=None)
    )


def list_open(tx: sa.Connection, site_id: int | None, *, limit: int) -> list[Complaint]:
    """Return what is not resolved, the most pressing first; of every site without one."""
    statement = (
        sa.select(complaints)
        .where(complaints.c.resolved_at.is_(None))
        .order_by(complaints.c.due_at, complaints.c.id)
        .limit(limit)
    )
    if site_id is not None:
        statement = statement.where(complaints.c.site_id == site_id)
    return [_from_row(row) for row in tx.execute(statement)]


def list_overdue(tx: sa.Connection, site_id: int | None, *, now: datetime) -> list[Complaint]:
    """Return what should have been resolved by now, the longest overdue first."""
    statement = (
        sa.select(complaints)
        .where(complaints.c.resolved_at.is_(None), complaints.c.due_at <= now)
        .order_by(complaints.c.due_at, complaints.c.id)
    )
    if site_id is not None:
        statement = statement.where(complaints.c.site_id == site_id)
    return [_from_row(row) for row in tx.execute(statement)]


def list_received(
    tx: sa.Connection, site_id: int, *, since: datetime, until: datetime
) -> Iterator[Complaint]:
    """Give all of a site's complaints of a time, in the order they came."""
    statement = (
        sa.select(complaints)
        .where(
            complaints.c.site_id == site_id,
            complaints.c.received_at >= since,
            complaints.c.received_at < until,
        )
        .order_by(complaints.c.received_at, complaints.c.id)
        .execution_options(yield_per=500)
    )
    for row in tx.execute(statement):
        yield _from_row(row)


def resolve(
    tx: sa.Connection,
    complaint_id: UUID,
    resolution: Resolution,
    *,
    by: str,
    at: datetime,
    note: str,
) -> None:
    """Store how a complaint ended."""
    tx.execute(
        sa.update(complaints)
        .where(complaints.c.id == complaint_id)
        .values(resolution=resolution.value, resolved_by=by, resolved_at=at, note=note)
    )


def _from_row(row: Any) -> Complaint:
    fields = dict(row._mapping)
    fields["kind"] = ComplaintKind(row.kind)
    fields["resolution"] = Resolution(row.resolution) if row.resolution else None
    return Complaint(**fields)
