"""Give a campaign's decision to its members, or take it back from them, a portion at a time.

A portion is a transaction that also notes how far it came: what a kill interrupts is done later,
and nothing twice. However many members there are, comments come in between two portions.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.decision import Decision, Ruling
from moderation.domain.rules import Effect, RuleKind
from moderation.domain.verdict import Verdict
from moderation.services import outbox, review
from moderation.services.queueing import wait_again
from moderation.storage import audit, campaign_work, comments, decisions
from moderation.storage.campaign_work import Member, Work
from moderation.storage.comments import StoredComment
from moderation.storage.engine import Database

PORTION = 200
_EFFECTS = {Decision.REJECT: Effect.REJECT, Decision.APPROVE: Effect.ALLOW}


def catch_up(
    database: Database,
    *,
    clock: Callable[[], datetime],
    go_on: Callable[[], bool] = lambda: True,
) -> int:
    """Do what remains, a portion a transaction; return how many members that changed."""
    total = 0
    while go_on():
        with database.writing() as tx:
            work = campaign_work.take_next(tx)
            if work is None:
                break
            total += advance(tx, work, now=clock()) - work.done
    return total


def advance(tx: sa.Connection, work: Work, *, now: datetime) -> int:
    """Do the next portion of work; return how many members it has changed in all."""
    members = campaign_work.list_members(tx, work, limit=PORTION)
    rulings = decisions.find_latest(tx, [member.pk for member in members])
    act = _take_back if work.taken_back else _give
    done = work.done + act(tx, work, members, rulings, now)
    if len(members) == PORTION:
        campaign_work.move(tx, work, members[-1], done=done)
        return done
    campaign_work.end(tx, work)
    if work.after_id is not None:
        _record_end(tx, work, done, now)
    return done


def _give(
    tx: sa.Connection,
    work: Work,
    members: Sequence[Member],
    rulings: Mapping[UUID, Ruling],
    now: datetime,
) -> int:
    """Decide members that nobody decided one by one."""
    changed = 0
    for member in members:
        ruling = rulings.get(member.pk)
        if ruling is not None and ruling.note != note_of(work.campaign_id):
            continue
        if ruling is not None:
            review.take_back(tx, member.pk, now=now)
        review.take_feedback(
            tx,
            member.site_id,
            member.pk,
            decision=work.decision,
            labels=work.labels,
            reporter=work.begun_by,
            now=now,
            note=note_of(work.campaign_id),
            source=work.source,
        )
        changed += 1
    return changed


def _take_back(
    tx: sa.Connection,
    work: Work,
    members: Sequence[Member],
    rulings: Mapping[UUID, Ruling],
    now: datetime,
) -> int:
    """Let the members the campaign decided wait, and those the machine judged for its sake."""
    decided = {pk for pk, one in rulings.items() if one.note == note_of(work.campaign_id)}
    later = [one.pk for one in members if one.pk not in rulings and one.received_at >= work.since]
    judged = _judged_by_campaign(comments.find_all(tx, later).values(), work.decision)
    changed = 0
    for member in members:
        if member.pk in decided:
            review.take_back(tx, member.pk, now=now)
        elif member.pk not in judged:
            continue
        item = wait_again(tx, member.pk, now=now)
        if item is None:
            continue
        comments.set_standing(tx, member.pk, Verdict.REVIEW)
        if member.pk in judged:
            outbox.announce_queued(tx, judged[member.pk], item)
        changed += 1
    return changed


def _judged_by_campaign(
    found: Collection[StoredComment], decision: Decision
) -> dict[UUID, StoredComment]:
    return {
        comment.id: comment
        for comment in found
        if any(
            match.kind is RuleKind.CAMPAIGN
            and match.effect is _EFFECTS[decision]
            and not match.observed
            for match in comment.assessment.rules
        )
    }


def note_of(campaign_id: UUID) -> str:
    """Return what ties a member's decision to its campaign, in the moderators' words."""
    return f"Keputusan kampanye {campaign_id}"


def _record_end(tx: sa.Connection, work: Work, done: int, now: datetime) -> None:
    act = "campaign.undo" if work.taken_back else f"campaign.{work.decision}"
    audit.record(
        tx,
        at=now,
        actor=work.begun_by,
        act=f"{act}.done",
        subject=str(work.campaign_id),
        site_id=work.site_id,
        detail={"members": done},
    )
