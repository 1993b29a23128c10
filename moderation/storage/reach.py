"""A person's reach as a condition, for every query that shows comments."""

from typing import Any

import sqlalchemy as sa

from moderation.domain.reach import Reach


def within(reach: Reach, site_id: Any, section: Any) -> list[sa.ColumnElement[bool]]:
    """Return what a row's site and section columns must fulfil; nothing for everywhere."""
    if reach.everywhere:
        return []
    sites = sorted({site for site, part in reach.places if not part})
    parts = sorted((site, part) for site, part in reach.places if part)
    return [
        sa.or_(
            sa.false(),
            site_id.in_(sites),
            *(sa.and_(site_id == site, section == part) for site, part in parts),
        )
    ]
