"""See campaigns, and decide one for all its members, present and future."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.decision import Decision, Source
from moderation.domain.verdict import Label, Verdict
from moderation.errors import InvalidError, NotFoundError
from moderation.services import review
from moderation.services.queueing import item_for
from moderation.storage import audit, campaigns, comments, decisions, queue
from moderation.storage import rules as stored_rules
from moderation.storage.campaigns import Campaign, CampaignSize

LONGEST_DECISION = timedelta(days=365)
MOST_MEMBERS = 2_000


def scope_of(tx: sa.Connection, site_id: int) -> str:
    """Return whose campaigns a site sees: its owner's, or its own alone."""
    owner = stored_rules.find_owner(tx, site_id)
    return f"owner:{owner}" if owner else f"site:{site_id}"


def list_campaigns(
    tx: sa.Connection, site_id: int, *, window: timedelta, now: datetime, limit: int
) -> list[tuple[Campaign, CampaignSize]]:
    """Return the campaigns a site sees in a window, the largest first."""
    return campaigns.list_copied(tx, scope_of(tx, site_id), since=now - window, limit=limit)


def decide(
    tx: sa.Connection,
    site_id: int,
    campaign_id: UUID,
    decision: Decision,
    *,
    labels: Sequence[Label],
    by: str,
    source: Source,
    now: datetime,
    lasts: timedelta,
) -> int:
    """Decide a campaign, and its members that nobody decided one by one; return how many.

    Raises:
        InvalidError: a rejection without a label, or a decision without a sensible end.
        NotFoundError: the site sees no such campaign.
    """
    if decision is Decision.REJECT and not labels:
        raise InvalidError("a rejection needs at least one label", "/labels")
    if not timedelta(hours=1) <= lasts <= LONGEST_DECISION:
        raise InvalidError(f"must be from 1 hour to {LONGEST_DECISION.days} days", "/hours")
    campaign = _find(tx, site_id, campaign_id)
    campaigns.set_decision(tx, campaign.id, decision, by=by, at=now, expires_at=now + lasts)
    members = campaigns.list_members(tx, campaign.id, standing_not=decision, limit=MOST_MEMBERS)
    ruled = decisions.find_latest(tx, [pk for pk, _ in members])
    chosen = [(pk, owner) for pk, owner in members if pk not in ruled]
    for pk, owner in chosen:
        review.take_feedback(
            tx,
            owner,
            pk,
            decision=decision,
            labels=labels if decision is Decision.REJECT else (),
            reporter=by,
            now=now,
            note=_note_of(campaign),
            source=source,
        )
    _record(tx, site_id, campaign, f"campaign.{decision}", len(chosen), by=by, now=now)
    return len(chosen)


def undo(tx: sa.Connection, site_id: int, campaign_id: UUID, *, by: str, now: datetime) -> int:
    """Take a campaign's decision back; the members it decided wait for a person again.

    Return how many those are. What others decided about single members stays.
    """
    campaign = _find(tx, site_id, campaign_id)
    if campaign.decision is None:
        raise InvalidError("this campaign is not decided", "/campaign")
    campaigns.set_decision(tx, campaign.id, None, by=by, at=now, expires_at=None)
    other = Decision.APPROVE if campaign.decision is Decision.REJECT else Decision.REJECT
    members = campaigns.list_members(tx, campaign.id, standing_not=other, limit=MOST_MEMBERS)
    ruled = decisions.find_latest(tx, [pk for pk, _ in members])
    mine = [pk for pk, ruling in ruled.items() if ruling.note == _note_of(campaign)]
    for pk in mine:
        _reopen(tx, pk, now)
    _record(tx, site_id, campaign, "campaign.undo", len(mine), by=by, now=now)
    return len(mine)


def _find(tx: sa.Connection, site_id: int, campaign_id: UUID) -> Campaign:
    campaign = campaigns.find(tx, scope_of(tx, site_id), campaign_id)
    if campaign is None:
        raise NotFoundError(f"no campaign has the id {campaign_id}")
    return campaign


def _note_of(campaign: Campaign) -> str:
    """Return what ties a member's decision to its campaign, in the moderators' words."""
    return f"Keputusan kampanye {campaign.id}"


def _reopen(tx: sa.Connection, pk: UUID, now: datetime) -> None:
    comments.set_standing(tx, pk, Verdict.REVIEW)
    item = queue.find_by_comment(tx, pk, for_update=True)
    if item is not None:
        queue.change(
            tx, item, closed_at=None, holder=None, lease_until=None, version=item.version + 1
        )
        return
    queue.add(tx, item_for(comments.find_all(tx, [pk])[pk], now=now))


def _record(
    tx: sa.Connection,
    site_id: int,
    campaign: Campaign,
    act: str,
    members: int,
    *,
    by: str,
    now: datetime,
) -> None:
    audit.record(
        tx,
        at=now,
        actor=by,
        act=act,
        subject=str(campaign.id),
        site_id=site_id,
        detail={"members": members},
    )
