"""The scores of recent comments with what people said of them, for forecasts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from moderation.domain.decision import Decision
from moderation.domain.forecast import Sample
from moderation.domain.verdict import LABELS, Label, Verdict
from moderation.storage.schema import comments, decisions, queue_items


@dataclass(frozen=True, slots=True)
class Recent:
    """The newest comments of a section, and when the earliest of them came in."""

    samples: list[Sample]
    since: datetime | None


def list_recent(
    tx: sa.Connection, site_id: int, section: str, *, model_version: str, limit: int
) -> Recent:
    """Return the last ``limit`` comments one model scored; an empty section is the whole site."""
    where = [comments.c.site_id == site_id, comments.c.model_version == model_version]
    if section:
        where.append(comments.c.article_section == section)
    statement = (
        sa.select(
            comments.c.received_at,
            comments.c.verdict,
            *(comments.c[f"score_{label}"] for label in LABELS),
            queue_items.c.labels.label("marked"),
            _last(decisions.c.decision).label("decision"),
            _last(decisions.c.labels).label("rejected_for"),
        )
        .join(queue_items, queue_items.c.comment_pk == comments.c.id, isouter=True)
        .where(*where)
        .order_by(comments.c.received_at.desc())
        .limit(limit)
    )
    rows = tx.execute(statement).all()
    return Recent([_sample_from(row) for row in rows], rows[-1].received_at if rows else None)


def list_sections(tx: sa.Connection, site_id: int, *, among: int) -> list[str]:
    """Return the sections that the newest comments of a site stand under, by name."""
    newest = (
        sa.select(comments.c.article_section.label("section"))
        .where(comments.c.site_id == site_id)
        .order_by(comments.c.received_at.desc())
        .limit(among)
        .subquery()
    )
    statement = (
        sa.select(newest.c.section).where(newest.c.section != "").distinct().order_by("section")
    )
    return list(tx.execute(statement).scalars())


def _last(column: Any) -> Any:
    return (
        sa.select(column)
        .where(decisions.c.comment_pk == comments.c.id, decisions.c.undone_at.is_(None))
        .order_by(decisions.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )


def _sample_from(row: Any) -> Sample:
    fields = row._mapping
    scores = {label: fields[f"score_{label}"] for label in LABELS}
    scored = None not in scores.values()
    # Only text in an unknown language waits without a label that crossed.
    unmarked = row.verdict == Verdict.REVIEW.value and not row.marked
    return Sample(
        scores=scores if scored else {},
        readable=scored and not unmarked,
        rejected_for=_rejected_for(row),
    )


def _rejected_for(row: Any) -> frozenset[Label] | None:
    if row.decision is None:
        return None
    if row.decision == Decision.APPROVE.value:
        return frozenset()
    return frozenset(Label(name) for name in row.rejected_for or ()) or frozenset(LABELS)
