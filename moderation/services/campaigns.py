"""See campaigns, and decide one for all its members, present and future."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.decision import Decision, Source
from moderation.domain.verdict import Label
from moderation.errors import InvalidError, NotFoundError
from moderation.services.campaign_work import advance
from moderation.storage import audit, campaign_work, campaigns
from moderation.storage import rules as stored_rules
from moderation.storage.campaign_work import Work
from moderation.storage.campaigns import Campaign, CampaignSize

LONGEST_DECISION = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many members an act has changed so far, and whether more are to be looked at."""

    members: int
    more: bool


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
) -> Progress:
    """Decide a campaign, and its members that nobody decided one by one.

    The first of them are decided at once, the rest a portion at a time: ``campaign_work``.

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
    work = Work(
        campaign_id=campaign.id,
        site_id=site_id,
        decision=decision,
        taken_back=False,
        labels=tuple(labels) if decision is Decision.REJECT else (),
        source=source,
        begun_by=by,
        begun_at=now,
        since=now,
    )
    return _begin(tx, work, f"campaign.{decision}")


def undo(tx: sa.Connection, site_id: int, campaign_id: UUID, *, by: str, now: datetime) -> Progress:
    """Take a campaign's decision back; its members wait for a person, the first at once.

    Those are the members it decided, and those that came later and were judged for its sake.
    What others decided about single members stays.
    """
    campaign = _find(tx, site_id, campaign_id)
    if campaign.decision is None:
        raise InvalidError("this campaign is not decided", "/campaign")
    campaigns.set_decision(tx, campaign.id, None, by=by, at=now, expires_at=None)
    work = Work(
        campaign_id=campaign.id,
        site_id=site_id,
        decision=campaign.decision,
        taken_back=True,
        labels=(),
        source=Source.CONSOLE,
        begun_by=by,
        begun_at=now,
        since=campaign.decided_at or campaign.first_seen,
    )
    return _begin(tx, work, "campaign.undo")


def _find(tx: sa.Connection, site_id: int, campaign_id: UUID) -> Campaign:
    campaign = campaigns.find(tx, scope_of(tx, site_id), campaign_id)
    if campaign is None:
        raise NotFoundError(f"no campaign has the id {campaign_id}")
    return campaign


def _begin(tx: sa.Connection, work: Work, act: str) -> Progress:
    campaign_work.begin(tx, work)
    done = advance(tx, work, now=work.begun_at)
    more = bool(campaign_work.find_all(tx, [work.campaign_id]))
    audit.record(
        tx,
        at=work.begun_at,
        actor=work.begun_by,
        act=act,
        subject=str(work.campaign_id),
        site_id=work.site_id,
        detail={"members": done, "more": more},
    )
    return Progress(done, more)
