"""Complaints, takedown orders and appeals, with their tickets and clocks."""

from typing import Any

from apiflask import APIBlueprint, Schema
from flask import Response
from marshmallow import RAISE, fields, validate

from moderation.api import PREFIX
from moderation.api.authorization import BEARER, current_key, protect, requires
from moderation.api.fields import LONGEST_NAME, LONGEST_URL, seen_text_field, text_field
from moderation.api.presenting import present_time
from moderation.domain.complaint import LONGEST_COMPLAINT, ComplaintKind, Resolution
from moderation.domain.decision import LONGEST_NOTE
from moderation.domain.verdict import LABELS, Label
from moderation.runtime import runtime
from moderation.services import complaints
from moderation.services.complaints import Demand
from moderation.storage import complaints as stored
from moderation.storage.complaints import Complaint
from moderation.storage.sites import Scope

blueprint = APIBlueprint("complaints", __name__, url_prefix=PREFIX, tag="Complaints")
protect(blueprint)

_MOST_LISTED = 200


# A complaint names a comment or an address, an appeal its comment: for the API document, because a
# schema's fields are judged one by one.
NAMES_WHAT_IT_IS_ABOUT = {
    "anyOf": [
        {"required": ["comment_id"], "properties": {"comment_id": {"minLength": 1}}},
        {
            "required": ["url"],
            "properties": {
                "url": {"minLength": 1},
                "kind": {
                    "enum": [kind.value for kind in ComplaintKind if kind != ComplaintKind.APPEAL]
                },
            },
        },
    ]
}


class ComplaintIn(Schema):
    """What somebody demands; a comment or an address must be named."""

    kind = fields.String(
        validate=validate.OneOf([str(kind) for kind in ComplaintKind]),
        load_default=ComplaintKind.COMPLAINT.value,
    )
    text = seen_text_field(LONGEST_COMPLAINT)
    comment_id = text_field(LONGEST_NAME, load_default="")
    url = text_field(LONGEST_URL, load_default="")
    complainant = text_field(LONGEST_NAME, load_default="")
    urgent = fields.Boolean(load_default=False)


class ResolutionIn(Schema):
    """How it ends, and who says so."""

    resolution = fields.String(
        required=True, validate=validate.OneOf([str(one) for one in Resolution])
    )
    by = text_field(LONGEST_NAME, shortest=1, required=True)
    labels = fields.List(
        fields.String(validate=validate.OneOf([str(label) for label in LABELS])),
        load_default=list,
        metadata={"description": "Required to remove a comment."},
    )
    note = text_field(LONGEST_NOTE, load_default="")


class ComplaintOut(Schema):
    """A complaint with its clock."""

    ticket = fields.String(required=True)
    kind = fields.String(required=True)
    urgent = fields.Boolean(required=True)
    comment = fields.String(required=True, allow_none=True, metadata={"description": "Our id."})
    url = fields.String(required=True)
    complainant = fields.String(required=True)
    text = fields.String(required=True)
    received_at = fields.String(required=True)
    due_at = fields.String(required=True)
    overdue = fields.Boolean(required=True)
    resolved_at = fields.String(required=True, allow_none=True)
    resolved_by = fields.String(required=True, allow_none=True)
    resolution = fields.String(required=True, allow_none=True)
    note = fields.String(required=True)


class ListedComplaintOut(ComplaintOut):
    """A complaint in a list; a class of its own as `ListedItemOut` is."""


class ComplaintsOut(Schema):
    """Complaints that are not resolved, the most pressing first."""

    complaints = fields.List(fields.Nested(ListedComplaintOut), required=True)


class ComplaintsIn(Schema):
    """Which time to export."""

    since = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(required=True)


@blueprint.post("/complaints")
@blueprint.input(ComplaintIn)
@blueprint.output(ComplaintOut, 201)
@blueprint.doc(security=BEARER, responses=[400, 401, 403, 404, 413, 415, 422])
@requires(Scope.SUBMIT)
def take(json_data: dict[str, Any]) -> dict[str, Any]:
    """Hand in a complaint, a takedown order or an appeal

    The answer's `ticket` is the receipt; `due_at` is 48 hours away, 24 for a takedown order or an
    urgent complaint, 4 for an urgent order.
    """
    service, site = runtime(), current_key().site
    now = service.clock()
    demand = Demand(**{**json_data, "kind": ComplaintKind(json_data["kind"])})
    with service.database.writing() as tx:
        complaint = complaints.take(tx, site.id, demand, by=site.name, now=now)
    return _present(complaint)


@blueprint.get("/complaints")
@blueprint.output(ComplaintsOut)
@blueprint.doc(security=BEARER, responses=[401, 403])
@requires(Scope.REVIEW)
def list_open() -> dict[str, Any]:
    """Read what is not resolved, the most pressing first"""
    with runtime().database.reading() as tx:
        found = stored.list_open(tx, current_key().site.id, limit=_MOST_LISTED)
    return {"complaints": [_present(complaint) for complaint in found]}


@blueprint.get("/complaints/<ticket>")
@blueprint.output(ComplaintOut)
@blueprint.doc(security=BEARER, responses=[401, 403, 404])
@requires(Scope.SUBMIT)
def show(ticket: str) -> dict[str, Any]:
    """Look a complaint up by its ticket"""
    with runtime().database.reading() as tx:
        return _present(complaints.find(tx, current_key().site.id, ticket))


@blueprint.post("/complaints/<ticket>/resolution")
@blueprint.input(ResolutionIn)
@blueprint.output(ComplaintOut)
@blueprint.doc(security=BEARER, responses=[400, 401, 403, 404, 413, 415, 422])
@requires(Scope.REVIEW)
def resolve(ticket: str, json_data: dict[str, Any]) -> dict[str, Any]:
    """Resolve a complaint

    `removed` and `restored` decide the comment as well. An appeal is refused to whoever decided
    first.
    """
    service, site = runtime(), current_key().site
    with service.database.writing() as tx:
        complaint = complaints.resolve(
            tx,
            site.id,
            ticket,
            Resolution(json_data["resolution"]),
            labels=tuple(Label(name) for name in json_data["labels"]),
            by=json_data["by"],
            note=json_data["note"],
            now=service.clock(),
        )
    return _present(complaint)


@blueprint.get("/complaints/csv")
@blueprint.input(ComplaintsIn, location="query", unknown=RAISE)
@blueprint.doc(security=BEARER, responses=[200, 401, 403, 422])
@requires(Scope.ADMIN)
def export(query_data: dict[str, Any]) -> Response:
    """Read the complaints of a time as a CSV file, with whether each was resolved in time"""
    with runtime().database.reading() as tx:
        found = stored.list_received(
            tx, current_key().site.id, since=query_data["since"], until=query_data["until"]
        )
        return Response(complaints.to_csv(found), mimetype="text/csv")


def _present(complaint: Complaint) -> dict[str, Any]:
    ended = complaint.resolved_at
    return {
        "ticket": complaint.ticket,
        "kind": complaint.kind.value,
        "urgent": complaint.urgent,
        "comment": str(complaint.comment_pk) if complaint.comment_pk else None,
        "url": complaint.url,
        "complainant": complaint.complainant,
        "text": complaint.text,
        "received_at": present_time(complaint.received_at),
        "due_at": present_time(complaint.due_at),
        "overdue": complaint.is_overdue(runtime().clock()),
        "resolved_at": present_time(ended) if ended else None,
        "resolved_by": complaint.resolved_by,
        "resolution": complaint.resolution.value if complaint.resolution else None,
        "note": complaint.note,
    }
