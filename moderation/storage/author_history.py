"""How an author's earlier comments fared, from an index alone."""

from datetime import datetime

import sqlalchemy as sa

from moderation.domain.rules import AuthorStanding
from moderation.domain.verdict import Verdict
from moderation.storage.prepared import Prepared
from moderation.storage.schema import comments

MOST_COUNTED = 200


def _count(verdict: Verdict, *, lately: bool) -> sa.ScalarSelect[int]:
    """Count an author's comments of one standing, no further than anybody asks."""
    where = [
        comments.c.site_id == sa.bindparam("site_id"),
        comments.c.author_key == sa.bindparam("author_key"),
        # Said again for the planner: the index holds only comments of known authors.
        comments.c.author_key != sa.literal_column("''"),
        comments.c.standing == verdict.value,
    ]
    if lately:
        where.append(comments.c.received_at >= sa.bindparam("since"))
    few = sa.select(sa.literal_column("1")).where(*where).limit(MOST_COUNTED).subquery()
    return sa.select(sa.func.count()).select_from(few).scalar_subquery()


_STANDING = Prepared(
    lambda _dialect: sa.select(
        _count(Verdict.APPROVE, lately=False),
        _count(Verdict.APPROVE, lately=True),
        _count(Verdict.REJECT, lately=True),
    )
)


def find_standing(
    tx: sa.Connection, site_id: int, author_key: str, *, since: datetime
) -> AuthorStanding:
    """Return the author's counts, each up to ``MOST_COUNTED``; the key must not be empty."""
    values = {"site_id": site_id, "author_key": author_key, "since": since}
    (row,) = _STANDING.run(tx, values)
    return AuthorStanding(row[0], row[1], row[2])
