"""The secrets Coral signs its requests with, a site's newest first."""

from datetime import datetime

import sqlalchemy as sa

from moderation.storage.adapter_tables import coral_secrets
from moderation.storage.schema import sites
from moderation.storage.sites import Site


def set_secret(tx: sa.Connection, site: Site, secret: str, *, now: datetime) -> None:
    """Store a site's secret; the one before stays good until this one is stored again."""
    current = tx.execute(
        sa.select(coral_secrets.c.secrets).where(coral_secrets.c.site_id == site.id)
    ).scalar_one_or_none()
    before = [known for known in (current or [])[:1] if known != secret]
    values = {"secrets": [secret, *before], "set_at": now}
    if current is None:
        tx.execute(sa.insert(coral_secrets), {"site_id": site.id, **values})
    else:
        tx.execute(
            sa.update(coral_secrets).where(coral_secrets.c.site_id == site.id).values(**values)
        )


def find_secrets(tx: sa.Connection, site_name: str) -> tuple[Site, list[str]] | None:
    """Return the site of this name with its secrets, if it has any."""
    row = tx.execute(
        sa.select(sites.c.id, sites.c.name, coral_secrets.c.secrets)
        .join(coral_secrets, coral_secrets.c.site_id == sites.c.id)
        .where(sites.c.name == site_name)
    ).one_or_none()
    return None if row is None else (Site(row.id, row.name), row.secrets)
