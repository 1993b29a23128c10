"""Campaigns for a site's moderators: see them, decide one for all its members, undo it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema
from marshmallow import RAISE, fields, validate

from moderation.api import PREFIX
from moderation.api.authorization import BEARER, current_key, protect, requires
from moderation.api.presenting import present_time
from moderation.api.rule_schemas import ByIn
from moderation.domain.decision import Decision, Source
from moderation.domain.verdict import LABELS, Label
from moderation.runtime import runtime
from moderation.services import campaigns
from moderation.storage.campaigns import Campaign, CampaignSize
from moderation.storage.sites import Scope

blueprint = APIBlueprint("campaigns", __name__, url_prefix=PREFIX, tag="Campaigns")
protect(blueprint)

_LONGEST_HOURS = 365 * 24


class CampaignsIn(Schema):
    """Which campaigns to read."""

    hours = fields.Integer(load_default=48, validate=validate.Range(1, 30 * 24))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class CampaignOut(Schema):
    """One campaign in the window asked for."""

    id = fields.String(required=True)
    copies = fields.Integer(required=True)
    authors = fields.Integer(required=True)
    articles = fields.Integer(required=True)
    variants = fields.Integer(required=True)
    sample = fields.String(required=True, metadata={"description": "One member, as read."})
    first_seen = fields.String(required=True)
    last_seen = fields.String(required=True, metadata={"description": "To within an hour."})
    decision = fields.String(required=True, allow_none=True)
    decided_by = fields.String(required=True, allow_none=True)
    expires_at = fields.String(required=True, allow_none=True)


class CampaignsOut(Schema):
    """Campaigns, the largest first."""

    campaigns = fields.List(fields.Nested(CampaignOut), required=True)


class CampaignDecisionIn(ByIn):
    """A decision for all members, and how long it holds for new ones."""

    decision = fields.String(required=True, validate=validate.OneOf([str(d) for d in Decision]))
    labels = fields.List(
        fields.String(validate=validate.OneOf([str(label) for label in LABELS])),
        load_default=list,
        metadata={"description": "Required to reject."},
    )
    hours = fields.Integer(
        strict=True, load_default=14 * 24, validate=validate.Range(1, _LONGEST_HOURS)
    )


class DecidedMembersOut(Schema):
    """How many stored comments the decision, or taking it back, changed."""

    members = fields.Integer(required=True)
    more = fields.Boolean(
        required=True, metadata={"description": "Others follow within a minute or so."}
    )


@blueprint.get("/campaigns")
@blueprint.input(CampaignsIn, location="query", unknown=RAISE)
@blueprint.output(CampaignsOut)
@blueprint.doc(security=BEARER, responses=[401, 403, 422])
@requires(Scope.REVIEW)
def list_campaigns(query_data: dict[str, Any]) -> dict[str, Any]:
    """Read the campaigns of the last hours, the largest first"""
    service, site_id = runtime(), current_key().site.id
    now = service.clock()
    with service.database.reading() as tx:
        found = campaigns.list_campaigns(
            tx,
            site_id,
            window=timedelta(hours=query_data["hours"]),
            now=now,
            limit=query_data["limit"],
        )
    return {"campaigns": [_present(campaign, size) for campaign, size in found]}


@blueprint.post("/campaigns/<uuid:campaign>/decision")
@blueprint.input(CampaignDecisionIn)
@blueprint.output(DecidedMembersOut)
@blueprint.doc(security=BEARER, responses=[400, 401, 403, 404, 413, 415, 422])
@requires(Scope.REVIEW)
def decide(campaign: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Decide a campaign for all its members, present and future

    Members that somebody decided one by one keep that decision.
    """
    service, site = runtime(), current_key().site
    with service.database.writing() as tx:
        progress = campaigns.decide(
            tx,
            site.id,
            campaign,
            Decision(json_data["decision"]),
            labels=[Label(name) for name in json_data["labels"]],
            by=json_data["by"] or site.name,
            source=Source.API,
            now=service.clock(),
            lasts=timedelta(hours=json_data["hours"]),
        )
    return {"members": progress.members, "more": progress.more}


@blueprint.post("/campaigns/<uuid:campaign>/undo")
@blueprint.input(ByIn)
@blueprint.output(DecidedMembersOut)
@blueprint.doc(security=BEARER, responses=[400, 401, 403, 404, 413, 415, 422])
@requires(Scope.REVIEW)
def undo(campaign: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Take a campaign's decision back

    The members it decided wait for a person again.
    """
    service, site = runtime(), current_key().site
    with service.database.writing() as tx:
        progress = campaigns.undo(
            tx, site.id, campaign, by=json_data["by"] or site.name, now=service.clock()
        )
    return {"members": progress.members, "more": progress.more}


def _present(campaign: Campaign, size: CampaignSize) -> dict[str, Any]:
    return {
        "id": str(campaign.id),
        "copies": size.copies,
        "authors": size.authors,
        "articles": size.articles,
        "variants": size.variants,
        "sample": size.sample,
        "first_seen": present_time(campaign.first_seen),
        "last_seen": present_time(campaign.last_seen),
        "decision": campaign.decision.value if campaign.decision else None,
        "decided_by": campaign.decided_by,
        "expires_at": present_time(campaign.expires_at) if campaign.expires_at else None,
    }
