"""How an author's earlier comments fared, from an index alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from moderation.domain.rules import AuthorStanding
from moderation.domain.verdict import Verdict
from moderation.storage.schema import comments

MOST_COUNTED = 200


@dataclass(frozen=True, slots=True)
class AskedAuthor:
    """Whose history is asked for, and from when on each rule looks at it; the key is not empty."""

    site_id: int
    key: str
    share_since: datetime
    trust_since: datetime

    def to_values(self) -> dict[str, Any]:
        """Return what the counts are bound to."""
        return {
            "site_id": self.site_id,
            "author_key": self.key,
            "share_since": self.share_since,
            "trust_since": self.trust_since,
        }


def _count(verdict: Verdict, since: str = "") -> sa.ScalarSelect[int]:
    """Count an author's comments of one standing, no further than anybody asks."""
    where = [
        comments.c.site_id == sa.bindparam("site_id"),
        comments.c.author_key == sa.bindparam("author_key"),
        # Said again for the planner: the index holds only comments of known authors.
        comments.c.author_key != sa.literal_column("''"),
        comments.c.standing == verdict.value,
    ]
    if since:
        where.append(comments.c.received_at >= sa.bindparam(since))
    few = sa.select(sa.literal_column("1")).where(*where).limit(MOST_COUNTED).subquery()
    return sa.select(sa.func.count()).select_from(few).scalar_subquery()


COUNTS = (
    _count(Verdict.APPROVE),
    _count(Verdict.APPROVE, "share_since"),
    _count(Verdict.REJECT, "share_since"),
    _count(Verdict.REJECT, "trust_since"),
)
"""What an ``AuthorStanding`` is made of, each up to ``MOST_COUNTED``."""


def to_standing(counts: Any) -> AuthorStanding:
    """Return the standing that ``COUNTS`` tell."""
    return AuthorStanding(*counts)
