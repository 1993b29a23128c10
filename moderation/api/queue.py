"""The queue for clients with their own screen, and the decisions for a site that polls."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from marshmallow import RAISE

from moderation.api import PREFIX
from moderation.api.authorization import BEARER, current_key, protect, requires
from moderation.api.presenting import present_decided, present_item
from moderation.api.queue_schemas import (
    ClaimIn,
    DecisionIn,
    DecisionsIn,
    DecisionsOut,
    HoldIn,
    ItemOut,
    ItemsOut,
    QueueIn,
    QueueOut,
    RenewIn,
)
from moderation.domain.decision import Decision, Source
from moderation.domain.verdict import Label
from moderation.errors import ForbiddenError
from moderation.runtime import runtime
from moderation.services import review, waiting
from moderation.services.review import Hold
from moderation.storage import decisions
from moderation.storage.queue import Filter, Order
from moderation.storage.sites import Scope

blueprint = APIBlueprint("queue", __name__, url_prefix=PREFIX, tag="Queue")
protect(blueprint)


@blueprint.get("/queue")
@blueprint.input(QueueIn, location="query", unknown=RAISE)
@blueprint.output(QueueOut)
@blueprint.doc(security=BEARER, responses=[401, 403, 422])
@requires(Scope.REVIEW)
def list_queue(query_data: dict[str, Any]) -> dict[str, Any]:
    """Read the waiting comments

    Held ones are among them, with their holder. Go on with `cursor=next_cursor`.
    """
    with runtime().database.reading() as tx:
        page = waiting.list_page(
            tx,
            _filter(query_data),
            order=Order(query_data["order"]),
            cursor=query_data.get("cursor"),
            limit=query_data["limit"],
        )
    return {
        "items": [present_item(record) for record in page.records],
        "next_cursor": page.next_cursor,
    }


@blueprint.post("/queue/claim")
@blueprint.input(ClaimIn)
@blueprint.output(ItemsOut)
@blueprint.doc(security=BEARER, responses=[400, 401, 403, 413, 415, 422])
@requires(Scope.REVIEW)
def claim(json_data: dict[str, Any]) -> dict[str, Any]:
    """Claim the most urgent comments that nobody holds; none left gives an empty list"""
    service = runtime()
    with service.database.writing() as tx:
        records = review.claim(
            tx,
            _filter(json_data),
            moderator=json_data["moderator"],
            count=json_data["count"],
            lease=timedelta(seconds=json_data["lease_s"]),
            now=service.clock(),
        )
    return {"items": [present_item(record) for record in records]}


@blueprint.post("/queue/<uuid:item_id>/renew")
@blueprint.input(RenewIn)
@blueprint.output(ItemOut)
@blueprint.doc(security=BEARER, responses=[400, 401, 403, 404, 409, 413, 415, 422])
@requires(Scope.REVIEW)
def renew(item_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Hold a claimed comment longer"""
    service = runtime()
    with service.database.writing() as tx:
        record = review.renew(
            tx,
            item_id,
            _hold(json_data),
            site_id=current_key().site.id,
            lease=timedelta(seconds=json_data["lease_s"]),
            now=service.clock(),
        )
    return present_item(record)


@blueprint.post("/queue/<uuid:item_id>/release")
@blueprint.input(HoldIn)
@blueprint.output(ItemOut)
@blueprint.doc(security=BEARER, responses=[400, 401, 403, 404, 409, 413, 415, 422])
@requires(Scope.REVIEW)
def release(item_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Give a claimed comment back to the queue"""
    service = runtime()
    with service.database.writing() as tx:
        record = review.release(
            tx, item_id, _hold(json_data), site_id=current_key().site.id, now=service.clock()
        )
    return present_item(record)


@blueprint.post("/queue/<uuid:item_id>/decision")
@blueprint.input(DecisionIn)
@blueprint.output(ItemOut)
@blueprint.doc(security=BEARER, responses=[400, 401, 403, 404, 409, 413, 415, 422])
@requires(Scope.REVIEW)
def decide(item_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Decide a claimed comment

    A lost lease or an old `version` answers 409 with the item as it now is.
    """
    service = runtime()
    with service.database.writing() as tx:
        record = review.decide(
            tx,
            item_id,
            _hold(json_data),
            site_id=current_key().site.id,
            decision=Decision(json_data["decision"]),
            labels=[Label(name) for name in json_data["labels"]],
            note=json_data["note"],
            source=Source.API,
            now=service.clock(),
        )
    return present_item(record)


@blueprint.get("/decisions")
@blueprint.input(DecisionsIn, location="query", unknown=RAISE)
@blueprint.output(DecisionsOut)
@blueprint.doc(security=BEARER, responses=[401, 403, 422])
@requires(Scope.SUBMIT)
def list_decisions(query_data: dict[str, Any]) -> dict[str, Any]:
    """Read what people decided, in order, after the last one you have

    A decision that a moderator can still take back is not among them yet, nor is any later one.
    """
    after, limit, service = query_data["after"], query_data["limit"], runtime()
    with service.database.reading() as tx:
        found = decisions.list_after(
            tx, current_key().site.id, after, limit=limit + 1, now=service.clock()
        )
    page = found[:limit]
    return {
        "decisions": [present_decided(decided) for decided in page],
        "next_after": str(page[-1].seq if page else after),
        "more": len(found) > limit,
    }


def _filter(asked: dict[str, Any]) -> Filter:
    site = current_key().site
    if asked.get("site", site.name) != site.name:
        raise ForbiddenError(f"the key speaks for the site {site.name!r} only")
    label = asked.get("label")
    return Filter(site.id, asked.get("section"), None if label is None else Label(label))


def _hold(asked: dict[str, Any]) -> Hold:
    return Hold(asked.get("version"), asked.get("moderator"))
