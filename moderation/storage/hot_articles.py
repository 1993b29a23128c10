"""Articles that get many comments, or many rejected ones, at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from moderation.domain.verdict import Verdict
from moderation.storage.rule_schema import hot_articles
from moderation.storage.schema import comments

_MOST_COUNTED = 2_000
_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True)
class Traffic:
    """What an article got in a window."""

    comments: int
    rejected: int


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


def find_until(tx: sa.Connection, site_id: int, article_id: str) -> datetime | None:
    """Return until when an article counts as hot, if it was ever found so and not yet calm."""
    statement = sa.select(hot_articles.c.until).where(
        hot_articles.c.site_id == site_id, hot_articles.c.article_id == article_id
    )
    until: datetime | None = tx.execute(statement).scalar()
    return until


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
