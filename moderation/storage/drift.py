"""Recent comments as figures and texts, by which drift is measured; every look has a limit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from moderation.domain.decision import Decision
from moderation.domain.drift import EDGES, Marked
from moderation.domain.overview import Period
from moderation.domain.reach import Reach
from moderation.domain.verdict import LABELS, Label
from moderation.storage.reach import within
from moderation.storage.schema import comments, decisions, queue_items


@dataclass(frozen=True, slots=True)
class Place:
    """Whose comments are meant."""

    reach: Reach
    site_id: int | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """Return what a row of ``comments`` must meet."""
        own = [] if self.site_id is None else [comments.c.site_id == self.site_id]
        return own + within(self.reach, comments.c.site_id, comments.c.article_section)


@dataclass(frozen=True, slots=True)
class Text:
    """A comment as written and as read."""

    written: str
    read_as: str


def find_first(tx: sa.Connection, model_version: str, since: datetime | None) -> datetime | None:
    """Return when a model answered its first comment, which was not before ``since``."""
    statement = sa.select(comments.c.received_at).where(comments.c.model_version == model_version)
    if since is not None:
        statement = statement.where(comments.c.received_at >= since)
    return tx.execute(statement.order_by(comments.c.received_at).limit(1)).scalar()


def count_scores(
    tx: sa.Connection, model_version: str, period: Period, place: Place, *, limit: int
) -> dict[Label, list[int]]:
    """Return the histogram of each label's scores, over the newest ``limit`` of a period."""
    newest = (
        sa.select(*(comments.c[f"score_{label}"] for label in LABELS))
        .where(
            *_within(period, place),
            comments.c.model_version == model_version,
            comments.c[f"score_{LABELS[0]}"].is_not(None),
        )
        .order_by(comments.c.received_at.desc())
        .limit(limit)
        .subquery()
    )
    reached = [
        sa.func.coalesce(sa.func.sum(sa.case((newest.c[f"score_{label}"] >= edge, 1), else_=0)), 0)
        for label in LABELS
        for edge in EDGES
    ]
    total, *rest = tx.execute(sa.select(sa.func.count(), *reached).select_from(newest)).one()
    histograms = {}
    for at, label in enumerate(LABELS):
        counts = [int(total), *map(int, rest[at * len(EDGES) : (at + 1) * len(EDGES)]), 0]
        histograms[label] = [one - other for one, other in pairwise(counts)]
    return histograms


def list_texts(
    tx: sa.Connection, period: Period, place: Place, *, limit: int, model_version: str | None = None
) -> Iterator[Text]:
    """Give the newest texts of a period that are not erased, a few in memory at a time."""
    where = [*_within(period, place), comments.c.erased_at.is_(None)]
    if model_version is not None:
        where.append(comments.c.model_version == model_version)
    statement = (
        sa.select(comments.c.text, comments.c.read_as)
        .where(*where)
        .order_by(comments.c.received_at.desc())
        .limit(limit)
        .execution_options(yield_per=500)
    )
    for row in tx.execute(statement):
        yield Text(row.text, row.read_as)


def list_marked(
    tx: sa.Connection, model_version: str, period: Period, place: Place, *, limit: int
) -> list[Marked]:
    """Return the newest decisions on comments that one model marked, with the marks' scores.

    A comment decided twice counts by its last decision.
    """
    later = decisions.alias("later")
    replaced = sa.exists().where(
        later.c.comment_pk == decisions.c.comment_pk,
        later.c.seq > decisions.c.seq,
        later.c.undone_at.is_(None),
    )
    statement = (
        sa.select(
            comments.c.article_section,
            queue_items.c.labels,
            decisions.c.decision,
            *(comments.c[f"score_{label}"] for label in LABELS),
        )
        .join(comments, comments.c.id == decisions.c.comment_pk)
        .join(queue_items, queue_items.c.comment_pk == decisions.c.comment_pk)
        .where(
            decisions.c.decided_at >= period.start,
            decisions.c.decided_at < period.end,
            decisions.c.undone_at.is_(None),
            ~replaced,
            comments.c.model_version == model_version,
            comments.c[f"score_{LABELS[0]}"].is_not(None),
            *place.conditions(),
        )
        .order_by(decisions.c.decided_at.desc())
        .limit(limit)
    )
    return [_marked_from(row) for row in tx.execute(statement)]


def _within(period: Period, place: Place) -> list[sa.ColumnElement[bool]]:
    return [
        comments.c.received_at >= period.start,
        comments.c.received_at < period.end,
        *place.conditions(),
    ]


def _marked_from(row: Any) -> Marked:
    return Marked(
        section=row.article_section,
        scores={Label(name): row._mapping[f"score_{name}"] for name in row.labels},
        published=row.decision == Decision.APPROVE.value,
    )
