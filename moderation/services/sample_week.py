"""Fill a practice site with a made-up week, through the same services real comments take."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from moderation.domain.agreement import HIGHEST_SHARE
from moderation.domain.decision import Decision, Source
from moderation.domain.reach import Reach
from moderation.domain.sample_week import (
    EDITOR,
    MODERATORS,
    WEEK,
    Answer,
    Arrival,
    Line,
    plan_answer,
    plan_arrivals,
    plan_second_answer,
)
from moderation.domain.verdict import Label
from moderation.errors import InvalidError
from moderation.services import access, review, second_look
from moderation.services.intake import Intake
from moderation.services.records import find_record_by_comment_id
from moderation.services.review import Hold
from moderation.storage import comments, day_figures, second_looks, sites, users
from moderation.storage.engine import Database
from moderation.storage.sites import Site
from moderation.storage.users import Role

PRACTICE_PREFIX = "demo"
_LEASE = timedelta(hours=1)
_TOGETHER = 100


def open_practice_site(tx: sa.Connection, name: str, *, now: datetime) -> Site:
    """Return the practice site, made if it is new, with its made-up moderators.

    Raise ``InvalidError`` for a name that could be a real site's.
    """
    if not name.startswith(PRACTICE_PREFIX):
        raise InvalidError(
            f"made-up comments go only into a site whose name begins with {PRACTICE_PREFIX!r}, "
            f"not into {name!r}",
            "/site",
        )
    for moderator in MODERATORS:
        if users.find_by_name(tx, moderator.username) is None:
            access.add_user(
                tx,
                username=moderator.username,
                display_name=moderator.display_name,
                password=secrets.token_urlsafe(32),
                role=Role.MODERATOR,
                now=now,
                active=False,
            )
    site = sites.find_site(tx, name) or sites.add_site(tx, name, now=now)
    second_looks.set_share(tx, site.id, HIGHEST_SHARE)
    return site


def fill(
    intake: Intake, site: Site, lines: Sequence[Line], *, count: int, seed: int, now: datetime
) -> Iterator[None]:
    """Take the week's comments in and answer most that wait; yields once a comment.

    The same seed names the same comments, and one that is known already is passed over.
    """
    waiting: list[tuple[Arrival, Answer]] = []
    known = _known(intake.database, site, seed)
    for arrival in plan_arrivals(lines, count=count, seed=seed, now=now):
        if arrival.submission.comment_id not in known:
            record, _ = intake.submit(site, arrival.submission, now=arrival.at)
            answer = plan_answer(arrival, seed=seed, now=now)
            if record.item is not None and answer is not None:
                waiting.append((arrival, answer))
        yield
    waiting.sort(key=lambda pair: pair[1].at)
    for start in range(0, len(waiting), _TOGETHER):
        with intake.database.writing() as tx:
            _answer_all(tx, site, waiting[start : start + _TOGETHER])
    with intake.database.writing() as tx:
        _look_again(tx, site, waiting)
        day_figures.forget_since(tx, now - WEEK, now=now)


def _known(database: Database, site: Site, seed: int) -> set[str]:
    with database.reading() as tx:
        return comments.list_comment_ids(tx, site.id, prefix=f"demo-{seed}-")


def _answer_all(tx: sa.Connection, site: Site, pairs: Iterable[tuple[Arrival, Answer]]) -> None:
    for arrival, answer in pairs:
        record = find_record_by_comment_id(tx, site.id, arrival.submission.comment_id)
        if record.item is None or record.item.closed_at is not None:
            continue
        item_id = record.item.id
        review.claim_one(tx, item_id, moderator=answer.by, lease=_LEASE, now=answer.at)
        review.decide(
            tx,
            item_id,
            Hold(moderator=answer.by),
            site_id=site.id,
            decision=answer.decision,
            labels=answer.labels,
            note="",
            source=Source.CONSOLE,
            now=answer.at,
        )
        if answer.overturned_at is not None:
            _overturn(tx, site, arrival, answer, answer.overturned_at)


def _look_again(tx: sa.Connection, site: Site, pairs: Sequence[tuple[Arrival, Answer]]) -> None:
    """Answer most of the drawn decisions a second time; the rest wait for whoever tries."""
    reach = Reach.of([(site.id, "")])
    for arrival, first in pairs[: len(pairs) * 4 // 5]:
        record = find_record_by_comment_id(tx, site.id, arrival.submission.comment_id)
        drawn = second_looks.find_drawn(tx, record.comment.id)
        who, answer = plan_second_answer(
            arrival.labels, first_by=first.by, key=arrival.submission.comment_id
        )
        if drawn is not None:
            second_look.give_answer(
                tx, drawn, answer, moderator=who, reach=reach, now=first.at + _LEASE
            )


def _overturn(
    tx: sa.Connection, site: Site, arrival: Arrival, answer: Answer, at: datetime
) -> None:
    """Let an editor say the opposite, as a site's own people do."""
    record = find_record_by_comment_id(tx, site.id, arrival.submission.comment_id)
    rejects = answer.decision is Decision.APPROVE
    review.take_feedback(
        tx,
        site.id,
        record.comment.id,
        decision=Decision.REJECT if rejects else Decision.APPROVE,
        labels=(arrival.labels or (Label.ABUSE,)) if rejects else (),
        reporter=EDITOR,
        now=at,
    )
