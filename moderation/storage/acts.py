"""Look acts of people up in the audit log, as the editor's page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from moderation.domain.overview import Period
from moderation.domain.reach import Reach
from moderation.storage.schema import audit_log, sites


@dataclass(frozen=True, slots=True)
class Act:
    """An act as it was recorded."""

    id: int
    at: datetime
    actor: str
    act: str
    subject: str
    site_name: str | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts are looked for; an empty field narrows nothing."""

    period: Period
    reach: Reach
    actor: str = ""
    act: str = ""


def list_acts(
    tx: sa.Connection, wanted: Wanted, *, before: int | None = None, limit: int
) -> list[Act]:
    """Return acts, the latest first, by keyset: those recorded before the entry ``before``."""
    statement = (
        sa.select(audit_log, sites.c.name.label("site_name"))
        .join(sites, sites.c.id == audit_log.c.site_id, isouter=True)
        .where(*_where(wanted))
        .order_by(audit_log.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(audit_log.c.id < before)
    return [
        Act(row.id, row.at, row.actor, row.act, row.subject, row.site_name, row.detail)
        for row in tx.execute(statement)
    ]


def list_choices(tx: sa.Connection, wanted: Wanted) -> tuple[list[str], list[str]]:
    """Return the actors and the acts of the period, by name."""
    period = Wanted(wanted.period, wanted.reach)
    actors, acts = (
        list(tx.execute(sa.select(column).where(*_where(period)).distinct()).scalars())
        for column in (audit_log.c.actor, audit_log.c.act)
    )
    return sorted(actors), sorted(acts)


def _where(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """Acts that belong to no site are for those alone who see every site."""
    where: list[sa.ColumnElement[bool]] = [
        audit_log.c.at >= wanted.period.start,
        audit_log.c.at < wanted.period.end,
    ]
    if wanted.actor:
        where.append(audit_log.c.actor == wanted.actor)
    if wanted.act:
        where.append(audit_log.c.act == wanted.act)
    if not wanted.reach.everywhere:
        whole = [site for site, section in wanted.reach.places if not section]
        where.append(audit_log.c.site_id.in_(sorted(whole)))
    return where
