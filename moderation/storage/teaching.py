"""What people said of comments, for those who teach a model by it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.comment import Story, as_passage
from moderation.domain.decision import Decision, Source
from moderation.domain.scorer import Passage
from moderation.domain.verdict import Label
from moderation.storage.desk_schema import second_looks
from moderation.storage.schema import comments, decisions, sites

_AT_ONCE = 500
# SQLite takes 32,766 parameters a statement; this leaves room.
_MOST_PARAMETERS = 10_000


@dataclass(frozen=True, slots=True)
class Told:
    """One answer of a person; a second look has no source of its own.

    ``undone`` was taken back, ``pending`` may still be.
    """

    decision: Decision
    labels: tuple[Label, ...]
    source: Source | None
    said_at: datetime
    undone: bool
    pending: bool


@dataclass(frozen=True, slots=True)
class TaughtComment:
    """A comment with all answers people gave on it: decisions in their order, then second looks."""

    pk: UUID
    site: str
    passage: Passage
    received_at: datetime
    erased: bool
    told: tuple[Told, ...]


def count_taught(tx: sa.Connection, *, until: datetime, site_names: Sequence[str] = ()) -> int:
    """Return how many comments people had decided by a time."""
    made = _decisions_until(until, site_names).with_only_columns(decisions.c.comment_pk)
    distinct = sa.select(sa.func.count()).select_from(made.distinct().subquery())
    return int(tx.execute(distinct).scalar_one())


def list_taught(
    tx: sa.Connection, *, until: datetime, site_names: Sequence[str] = ()
) -> Iterator[TaughtComment]:
    """Give every comment people had decided by a time, oldest first, a few in memory at once.

    An erased comment is among them, without its text: whoever counts must count it, too.
    """
    again = _second_answers(tx, until)
    statement = (
        _decisions_until(until, site_names)
        .order_by(decisions.c.comment_pk, decisions.c.seq)
        .execution_options(yield_per=_AT_ONCE)
    )
    for pk, rows in groupby(tx.execute(statement), key=lambda row: row.comment_pk):
        made = list(rows)
        told = [_told_from(row, Source(row.source), until) for row in made]
        yield _comment_from(made[0], [*told, *again.get(pk, ())])


def find_erased(tx: sa.Connection, pks: Iterable[UUID]) -> set[UUID]:
    """Return which of these comments are tombstones."""
    rest, erased = iter(pks), set[UUID]()
    while some := list(islice(rest, _MOST_PARAMETERS)):
        statement = sa.select(comments.c.id).where(
            comments.c.id.in_(some), comments.c.erased_at.is_not(None)
        )
        erased.update(tx.execute(statement).scalars())
    return erased


def _decisions_until(until: datetime, site_names: Sequence[str]) -> Any:
    statement = (
        sa.select(
            decisions,
            sites.c.name.label("site_name"),
            comments.c.article_title,
            comments.c.article_section,
            comments.c.article_summary,
            comments.c.text,
            comments.c.parent_text,
            comments.c.received_at,
            comments.c.erased_at,
        )
        .join(comments, comments.c.id == decisions.c.comment_pk)
        .join(sites, sites.c.id == decisions.c.site_id)
        .where(decisions.c.decided_at <= until)
    )
    return statement.where(sites.c.name.in_(site_names)) if site_names else statement


def _second_answers(tx: sa.Connection, until: datetime) -> dict[UUID, list[Told]]:
    """Return the second answers by comment; one on a decision that was undone goes with it."""
    statement = (
        sa.select(second_looks, decisions.c.comment_pk, decisions.c.undone_at)
        .join(decisions, decisions.c.id == second_looks.c.decision_id)
        .where(second_looks.c.answered_at <= until, decisions.c.decided_at <= until)
        .order_by(second_looks.c.answered_at, second_looks.c.decision_id)
    )
    found = defaultdict[UUID, list[Told]](list)
    for row in tx.execute(statement):
        found[row.comment_pk].append(
            Told(
                Decision(row.decision),
                tuple(Label(name) for name in row.labels),
                None,
                row.answered_at,
                row.undone_at is not None,
                pending=False,
            )
        )
    return found


def _told_from(row: Any, source: Source, until: datetime) -> Told:
    return Told(
        Decision(row.decision),
        tuple(Label(name) for name in row.labels),
        source,
        row.decided_at,
        row.undone_at is not None,
        # Without a grace it holds at once, even where the clock has stepped back since.
        row.effective_at > max(until, row.decided_at),
    )


def _comment_from(row: Any, told: Iterable[Told]) -> TaughtComment:
    story = Story(title=row.article_title, section=row.article_section, summary=row.article_summary)
    return TaughtComment(
        row.comment_pk,
        row.site_name,
        as_passage(row.text, story, row.parent_text),
        row.received_at,
        row.erased_at is not None,
        tuple(told),
    )
