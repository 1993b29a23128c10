"""Take complaints, takedown orders and appeals in, and resolve them in time."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.complaint import ComplaintKind, Resolution, due_at, new_ticket
from moderation.domain.decision import Decision, Source
from moderation.domain.verdict import Label
from moderation.errors import ForbiddenError, InvalidError, NotFoundError
from moderation.services import evidence, outbox, review
from moderation.services.records import Record, find_record_by_comment_id
from moderation.storage import audit, comments, complaints
from moderation.storage.complaints import Complaint
from moderation.storage.identity import new_id

_COLUMNS = (
    "ticket",
    "kind",
    "urgent",
    "owner",
    "url",
    "complainant",
    "text",
    "received_at",
    "due_at",
    "resolved_at",
    "resolved_by",
    "resolution",
    "note",
    "evidence_hash",
)
# A spreadsheet takes what begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Demand:
    """What somebody hands in: about a comment, or only about an address."""

    kind: ComplaintKind
    text: str
    comment_id: str = ""
    url: str = ""
    complainant: str = ""
    urgent: bool = False


def take(tx: sa.Connection, site_id: int, demand: Demand, *, by: str, now: datetime) -> Complaint:
    """Take a demand in; its clock runs from now, and its ticket number is the receipt.

    Raises:
        InvalidError: an appeal against nothing, or a demand about nothing.
        NotFoundError: the site has no such comment.
    """
    if not demand.comment_id and not demand.url:
        raise InvalidError("name the comment or its address", "/comment_id")
    target = _find_target(tx, site_id, demand)
    shown = None if target is None else evidence.collect(target)
    decided_by = target.ruling.decided_by if target and target.ruling else None
    appeals = demand.kind is ComplaintKind.APPEAL
    complaint = Complaint(
        id=new_id(now),
        site_id=site_id,
        ticket=new_ticket(now),
        kind=demand.kind,
        urgent=demand.urgent,
        comment_pk=None if target is None else target.comment.id,
        url=demand.url,
        complainant=demand.complainant,
        text=demand.text,
        received_at=now,
        due_at=due_at(demand.kind, now, urgent=demand.urgent),
        barred=decided_by if appeals else None,
        evidence=shown,
        evidence_hash="" if shown is None else evidence.digest(shown),
    )
    complaints.add(tx, complaint)
    detail = {"evidence": complaint.evidence_hash} if complaint.evidence_hash else {}
    _record(tx, complaint, f"complaint.{demand.kind}", by=by, now=now, detail=detail)
    return complaint


def resolve(
    tx: sa.Connection,
    site_id: int,
    ticket: str,
    resolution: Resolution,
    *,
    labels: tuple[Label, ...] = (),
    by: str,
    note: str,
    now: datetime,
) -> Complaint:
    """Resolve a complaint; removing or restoring decides its comment too.

    Raises:
        ForbiddenError: an appeal reached the person whose decision it is about.
        InvalidError: it is resolved already, or a removal names no label.
    """
    complaint = find(tx, site_id, ticket, for_update=True)
    if complaint.resolved_at is not None:
        raise InvalidError("this complaint is resolved already", "/ticket")
    _refuse_first_judge(complaint, by)
    if complaint.comment_pk is not None and resolution is not Resolution.KEPT:
        _decide(tx, complaint, complaint.comment_pk, resolution, labels, by=by, now=now)
    complaints.resolve(tx, complaint.id, resolution, by=by, at=now, note=note)
    if complaint.comment_pk is not None and _is_erased(tx, complaint.comment_pk):
        complaints.forget_evidence(tx, [complaint.comment_pk])
    _record(tx, complaint, f"complaint.{resolution}", by=by, now=now)
    ended = replace(complaint, resolution=resolution, resolved_by=by, resolved_at=now, note=note)
    outbox.announce_resolved(tx, ended, now=now)
    return ended


def assign(
    tx: sa.Connection, site_id: int, ticket: str, owner: str | None, *, by: str, now: datetime
) -> None:
    """Say who looks after a complaint, or that nobody does any more.

    Raises:
        ForbiddenError: an appeal would reach the person whose decision it is about.
    """
    complaint = find(tx, site_id, ticket, for_update=True)
    _refuse_first_judge(complaint, owner)
    complaints.set_owner(tx, complaint.id, owner)
    _record(tx, complaint, "complaint.owner", by=by, now=now, detail={"owner": owner or ""})


def find(tx: sa.Connection, site_id: int, ticket: str, *, for_update: bool = False) -> Complaint:
    """Return a complaint by its ticket; raise ``NotFoundError`` if the site has none."""
    complaint = complaints.find(tx, site_id, ticket.strip().upper(), for_update=for_update)
    if complaint is None:
        raise NotFoundError(f"no complaint has the ticket {ticket!r}")
    return complaint


def overdue(tx: sa.Connection, site_id: int | None, *, now: datetime) -> list[Complaint]:
    """Return what should have been resolved by now; of every site without one."""
    return complaints.list_overdue(tx, site_id, now=now)


def to_csv(found: Iterable[Complaint]) -> str:
    """Return complaints as a CSV file, for whoever must show that the clocks were kept."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*_COLUMNS, "in_time"])
    for complaint in found:
        cells = [_as_cell(getattr(complaint, name)) for name in _COLUMNS]
        ended = complaint.resolved_at
        in_time = "" if ended is None else ("yes" if ended <= complaint.due_at else "no")
        writer.writerow([*cells, in_time])
    return out.getvalue()


def _refuse_first_judge(complaint: Complaint, person: str | None) -> None:
    if complaint.barred is not None and complaint.barred == person:
        raise ForbiddenError("an appeal is decided by another person than the first decision")


def _find_target(tx: sa.Connection, site_id: int, demand: Demand) -> Record | None:
    """Return the comment a demand is about, with what was decided last."""
    if not demand.comment_id:
        if demand.kind is ComplaintKind.APPEAL:
            raise InvalidError("an appeal names its comment", "/comment_id")
        return None
    return find_record_by_comment_id(tx, site_id, demand.comment_id)


def _is_erased(tx: sa.Connection, comment_pk: UUID) -> bool:
    found = comments.find_all(tx, [comment_pk]).get(comment_pk)
    return found is None or found.erased_at is not None


def _decide(
    tx: sa.Connection,
    complaint: Complaint,
    comment_pk: UUID,
    resolution: Resolution,
    labels: tuple[Label, ...],
    *,
    by: str,
    now: datetime,
) -> None:
    removed = resolution is Resolution.REMOVED
    if removed and not labels:
        raise InvalidError("a removal needs at least one label", "/labels")
    review.take_feedback(
        tx,
        complaint.site_id,
        comment_pk,
        decision=Decision.REJECT if removed else Decision.APPROVE,
        labels=labels if removed else (),
        reporter=by,
        now=now,
        note=f"Tiket {complaint.ticket}",
        source=Source.API,
    )


def _record(
    tx: sa.Connection,
    complaint: Complaint,
    act: str,
    *,
    by: str,
    now: datetime,
    detail: Mapping[str, str] | None = None,
) -> None:
    audit.record(
        tx,
        at=now,
        actor=by,
        act=act,
        subject=complaint.ticket,
        site_id=complaint.site_id,
        detail=detail,
    )


def _as_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
