"""Articles that get many comments, or many rejected ones, at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from moderation.domain.rules import Mode, RuleKind
from moderation.domain.verdict import Verdict
from moderation.storage.rule_schema import hot_articles, rules
from moderation.storage.schema import comments

MOST_LISTED = 50
_MOST_COUNTED = 2_000
_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True)
class Traffic:
    """What an article got in a window."""

    comments: int
    rejected: int


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """Until when an article counts as hot, and until when a person wants it to count as calm."""

    until: datetime
    calmed_until: datetime | None


@dataclass(frozen=True, slots=True)
class HotArticle:
    """A hot article as people see it; ``calmed_until`` is set while a person keeps it calm."""

    site_id: int
    article_id: str
    title: str
    since: datetime
    until: datetime
    traffic: Traffic
    calmed_until: datetime | None
    calmed_by: str | None


def measure(tx: sa.Connection, site_id: int, article_id: str, *, since: datetime) -> Traffic:
    """Count an article's last comments and the rejected ones among them, up to a bound."""
    few = (
        sa.select(comments.c.standing)
        .where(
            comments.c.site_id == site_id,
            comments.c.article_id == article_id,
            comments.c.received_at >= since,
        )
        .order_by(comments.c.received_at.desc())
        .limit(_MOST_COUNTED)
        .subquery()
    )
    rejected = sa.case((few.c.standing == Verdict.REJECT.value, 1), else_=0)
    row = tx.execute(sa.select(sa.func.count(), sa.func.sum(rejected)).select_from(few)).one()
    return Traffic(row[0], row[1] or 0)


def find_known(tx: sa.Connection, site_id: int, article_id: str) -> KnownArticle | None:
    """Return what stands of an article that was ever found hot and is not yet calm."""
    row = tx.execute(
        sa.select(hot_articles.c.until, hot_articles.c.calmed_until).where(
            hot_articles.c.site_id == site_id, hot_articles.c.article_id == article_id
        )
    ).one_or_none()
    return None if row is None else KnownArticle(row.until, row.calmed_until)


def list_hot(tx: sa.Connection, site_ids: Sequence[int], *, now: datetime) -> list[HotArticle]:
    """Return the articles of sites whose rule acts that are hot, or that a person calmed."""
    acts = sa.exists().where(
        rules.c.site_id == hot_articles.c.site_id,
        rules.c.kind == RuleKind.HOT_ARTICLE.value,
        rules.c.mode == Mode.ON.value,
    )
    title = (
        sa.select(comments.c.article_title)
        .where(
            comments.c.site_id == hot_articles.c.site_id,
            comments.c.article_id == hot_articles.c.article_id,
        )
        .order_by(comments.c.received_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = tx.execute(
        sa.select(hot_articles, title.label("title"))
        .where(
            hot_articles.c.site_id.in_(site_ids),
            sa.or_(hot_articles.c.until > now, hot_articles.c.calmed_until > now),
            acts,
        )
        .order_by(hot_articles.c.since.desc(), hot_articles.c.article_id)
        .limit(MOST_LISTED)
    )
    return [
        HotArticle(
            site_id=row.site_id,
            article_id=row.article_id,
            title=row.title or row.article_id,
            since=row.since,
            until=row.until,
            traffic=Traffic(row.comments, row.rejected),
            calmed_until=row.calmed_until if row.calmed_until and row.calmed_until > now else None,
            calmed_by=row.calmed_by,
        )
        for row in rows
    ]


def set_calmed(
    tx: sa.Connection, site_id: int, article_id: str, *, until: datetime | None, by: str
) -> bool:
    """Let no surge of an article count until a time, or count again; say whether it is known."""
    result = tx.execute(
        sa.update(hot_articles)
        .where(hot_articles.c.site_id == site_id, hot_articles.c.article_id == article_id)
        .values(calmed_until=until, calmed_by=by)
    )
    return result.rowcount == 1


def heat(
    tx: sa.Connection,
    site_id: int,
    article_id: str,
    traffic: Traffic,
    *,
    now: datetime,
    until: datetime,
) -> None:
    """Note that an article is hot until a time; ``since`` stays when it was so already."""
    later = {"until": until, "comments": traffic.comments, "rejected": traffic.rejected}
    statement = _INSERTS[tx.dialect.name](hot_articles).values(
        site_id=site_id, article_id=article_id, since=now, **later
    )
    tx.execute(
        statement.on_conflict_do_update(index_elements=["site_id", "article_id"], set_=later)
    )


def cool(tx: sa.Connection, site_id: int, article_id: str) -> bool:
    """Note that an article is calm again; say whether it was hot."""
    result = tx.execute(
        sa.delete(hot_articles).where(
            hot_articles.c.site_id == site_id, hot_articles.c.article_id == article_id
        )
    )
    return result.rowcount == 1
