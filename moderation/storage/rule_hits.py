"""What rules did, or would have done, comment by comment."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.verdict import Verdict
from moderation.storage.prepared import Prepared
from moderation.storage.rule_schema import rule_hits, rules


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A match of a rule; ``otherwise`` is the verdict had the rule stood the other way round."""

    rule_id: int
    version: int
    observed: bool
    verdict: Verdict
    otherwise: Verdict


@dataclass(frozen=True, slots=True)
class HitCount:
    """How often a rule's present version matched, and for how many it changes the verdict."""

    matched: int = 0
    changed: int = 0


_COLUMNS = ("rule_id", "version", "comment_pk", "at", "observed", "verdict", "otherwise")
_ADD = Prepared(
    lambda _dialect: sa.insert(rule_hits).values({name: sa.bindparam(name) for name in _COLUMNS})
)


def add(tx: sa.Connection, comment_pk: UUID, hits: list[RuleHit], *, at: datetime) -> None:
    """Store the matches of one comment."""
    if hits:
        _ADD.run_many(
            tx,
            [
                {
                    "rule_id": hit.rule_id,
                    "version": hit.version,
                    "comment_pk": comment_pk,
                    "at": at,
                    "observed": hit.observed,
                    "verdict": hit.verdict.value,
                    "otherwise": hit.otherwise.value,
                }
                for hit in hits
            ],
        )


def count(tx: sa.Connection, site_id: int) -> dict[int, HitCount]:
    """Return what the present version of each of a site's rules did or would have done."""
    changed = sa.case((rule_hits.c.verdict != rule_hits.c.otherwise, 1), else_=0)
    statement = (
        sa.select(rule_hits.c.rule_id, sa.func.count(), sa.func.sum(changed))
        .join(
            rules,
            sa.and_(rules.c.id == rule_hits.c.rule_id, rules.c.version == rule_hits.c.version),
        )
        .where(rules.c.site_id == site_id)
        .group_by(rule_hits.c.rule_id)
    )
    return {row[0]: HitCount(row[1], row[2] or 0) for row in tx.execute(statement)}
