"""Find comments by their words, decided or not, the newest first; and keep the index up to date."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.reach import EVERYWHERE, Reach
from moderation.domain.verdict import Verdict
from moderation.services.records import Record
from moderation.storage import comments, decisions, queue, search
from moderation.storage.engine import Database
from moderation.storage.reach import within
from moderation.storage.schema import comments as stored

INDEXED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; ``standing`` is the decision, or the verdict where nobody decided."""

    text: str
    site_id: int | None = None
    standing: Verdict | None = None
    reach: Reach = EVERYWHERE


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found; ``next_before`` leads to the next.

    Comments that came after ``indexed_until`` may be missing; ``None`` means that none is.
    """

    records: list[Record]
    next_before: UUID | None
    indexed_until: datetime | None


def find(tx: sa.Connection, sought: Sought, *, before: UUID | None, limit: int) -> Found:
    """Return the newest comments that hold the words, those stored before ``before``."""
    where = [
        stored.c.id.in_(search.find(tx, sought.text)),
        *within(sought.reach, stored.c.site_id, stored.c.article_section),
    ]
    if sought.site_id is not None:
        where.append(stored.c.site_id == sought.site_id)
    if sought.standing is not None:
        where.append(stored.c.standing == sought.standing.value)
    if before is not None:
        where.append(stored.c.id < before)
    newest = sa.select(stored.c.id).where(*where).order_by(stored.c.id.desc()).limit(limit + 1)
    pks = list(tx.execute(newest).scalars())
    return Found(
        _complete(tx, pks[:limit]),
        pks[limit - 1] if len(pks) > limit else None,
        search.indexed_until(tx),
    )


def catch_up(database: Database, *, go_on: Callable[[], bool] = lambda: True) -> int:
    """Index what came in since, a portion a transaction; return how many comments that were."""
    total = 0
    while go_on():
        with database.writing() as tx:
            count = search.index_more(tx, limit=INDEXED_AT_ONCE)
        total += count
        if count < INDEXED_AT_ONCE:
            break
    return total


def _complete(tx: sa.Connection, pks: list[UUID]) -> list[Record]:
    found = comments.find_all(tx, pks)
    items = queue.find_by_comments(tx, pks)
    rulings = decisions.find_latest(tx, pks)
    return [Record(found[pk], items.get(pk), rulings.get(pk)) for pk in pks]
