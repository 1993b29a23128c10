"""The policies newsrooms set for a site or a section of it. Rows are only ever added."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from moderation.domain.policy import Band
from moderation.domain.verdict import Label
from moderation.storage.desk_schema import policies
from moderation.storage.schema import sites

Bands = Mapping[Label, Band]


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """One version; ``bands`` of ``None`` hands the decision back to the level above."""

    id: int
    site_id: int
    site_name: str
    section: str
    number: int
    author: str
    made_at: datetime
    bands: Bands | None
    model_version: str
    allowed: int | None
    note: str
    source: str

    @property
    def version(self) -> str:
        """Return the name that assessments carry, such as ``kabar/Olahraga@3``."""
        place = f"{self.site_name}/{self.section}" if self.section else self.site_name
        return f"{place}@{self.number}"


@dataclass(frozen=True, slots=True)
class NewPolicy:
    """What somebody sets, before it has a number."""

    site_id: int
    section: str
    author: str
    bands: Bands | None
    model_version: str
    source: str
    note: str = ""
    allowed: int | None = None


def add(tx: sa.Connection, new: NewPolicy, *, now: datetime) -> StoredPolicy:
    """Store a policy under its section's next number.

    Raise ``IntegrityError`` if somebody else takes the number at the same moment.
    """
    place = (policies.c.site_id == new.site_id, policies.c.section == new.section)
    last = tx.execute(sa.select(sa.func.max(policies.c.number)).where(*place)).scalar_one()
    number = (last or 0) + 1
    tx.execute(
        sa.insert(policies),
        {
            "site_id": new.site_id,
            "section": new.section,
            "number": number,
            "author": new.author,
            "made_at": now,
            "bands": None if new.bands is None else _bands_to_json(new.bands),
            "model_version": new.model_version,
            "allowed": new.allowed,
            "note": new.note,
            "source": new.source,
        },
    )
    row = tx.execute(_select().where(*place, policies.c.number == number)).one()
    return _from_row(row)


def find(tx: sa.Connection, policy_id: int) -> StoredPolicy | None:
    """Return a version by id."""
    row = tx.execute(_select().where(policies.c.id == policy_id)).one_or_none()
    return None if row is None else _from_row(row)


def list_versions(
    tx: sa.Connection, site_id: int, section: str, *, limit: int
) -> list[StoredPolicy]:
    """Return the versions of one section, the newest first."""
    statement = (
        _select()
        .where(policies.c.site_id == site_id, policies.c.section == section)
        .order_by(policies.c.number.desc())
        .limit(limit)
    )
    return [_from_row(row) for row in tx.execute(statement)]


def newest_by_section(tx: sa.Connection, site_id: int) -> dict[str, StoredPolicy]:
    """Return the newest version of each section of a site that ever had one."""
    newest = (
        sa.select(policies.c.section, sa.func.max(policies.c.number).label("number"))
        .where(policies.c.site_id == site_id)
        .group_by(policies.c.section)
        .subquery()
    )
    statement = (
        _select()
        .join(
            newest,
            sa.and_(policies.c.section == newest.c.section, policies.c.number == newest.c.number),
        )
        .where(policies.c.site_id == site_id)
    )
    return {row.section: _from_row(row) for row in tx.execute(statement)}


def _select() -> Any:
    return sa.select(policies, sites.c.name.label("site_name")).join(
        sites, sites.c.id == policies.c.site_id
    )


def _bands_to_json(bands: Bands) -> dict[str, Any]:
    return {
        label.value: {"review": band.review, "reject": band.reject} for label, band in bands.items()
    }


def _from_row(row: Any) -> StoredPolicy:
    bands = row.bands
    return StoredPolicy(
        id=row.id,
        site_id=row.site_id,
        site_name=row.site_name,
        section=row.section,
        number=row.number,
        author=row.author,
        made_at=row.made_at,
        bands=None
        if bands is None
        else {Label(name): Band(band["review"], band["reject"]) for name, band in bands.items()},
        model_version=row.model_version,
        allowed=row.allowed,
        note=row.note,
        source=row.source,
    )
