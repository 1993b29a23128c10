"""A share of decisions is made twice: by somebody who does not see the first answer."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.agreement import HIGHEST_SHARE, LOWEST_SHARE, Answer, is_drawn
from moderation.domain.decision import Decision
from moderation.domain.reach import Reach
from moderation.errors import InvalidError, StaleItemError
from moderation.storage import audit, second_looks
from moderation.storage.second_looks import Drawn


def draw(tx: sa.Connection, site_id: int, decision_id: UUID, *, now: datetime) -> None:
    """Draw a decision just made, or not, in the transaction that makes it."""
    if is_drawn(decision_id, second_looks.find_share(tx, site_id)):
        second_looks.add(tx, site_id, decision_id, now=now)


def give_answer(
    tx: sa.Connection,
    decision_id: UUID,
    answer: Answer,
    *,
    moderator: str,
    reach: Reach,
    now: datetime,
) -> Drawn:
    """Take the second answer; the first decision stands whatever it says.

    Raises:
        InvalidError: a rejection without a label.
        StaleItemError: it is answered, reopened, one's own, or out of reach.
    """
    if answer.decision is Decision.REJECT and not answer.labels:
        raise InvalidError("a rejection needs at least one label", "/labels")
    drawn = second_looks.find_waiting(tx, decision_id, moderator, reach)
    if drawn is None or not second_looks.answer(tx, decision_id, answer, by=moderator, now=now):
        raise StaleItemError("this decision does not wait for a second answer of yours")
    audit.record(
        tx,
        at=now,
        actor=moderator,
        act="second-look.answer",
        subject=str(drawn.comment_pk),
        site_id=drawn.site_id,
        detail={
            "decision": answer.decision.value,
            "labels": sorted(label.value for label in answer.labels),
        },
    )
    return drawn


def set_share(tx: sa.Connection, site_id: int, share: float, *, actor: str, now: datetime) -> None:
    """Set how large a share of a newsroom's decisions is looked at again.

    Raises:
        InvalidError: it is out of bounds.
    """
    if not LOWEST_SHARE <= share <= HIGHEST_SHARE:
        raise InvalidError(f"must be between {LOWEST_SHARE} and {HIGHEST_SHARE}", "/share")
    second_looks.set_share(tx, site_id, share)
    audit.record(
        tx,
        at=now,
        actor=actor,
        act="second-look.share",
        subject=str(site_id),
        site_id=site_id,
        detail={"share": share},
    )
