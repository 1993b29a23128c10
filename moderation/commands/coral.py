"""Tell the service what Coral signs its requests with."""

from datetime import UTC, datetime

import click

from moderation.commands.opening import open_database
from moderation.storage import audit, coral, sites

_SHORTEST = 16


@click.command("coral-secret")
@click.option("--site", required=True, help="The site's name; it is made if it is new.")
@click.option(
    "--secret",
    prompt=True,
    hide_input=True,
    help="The signing secret Coral shows; asked for if left out.",
)
def set_secret(site: str, secret: str) -> None:
    """Store the signing secret of a site's Coral; the one before stays good.

    Stored once more, the new one is the only one.
    """
    if len(secret.strip()) < _SHORTEST:
        raise click.ClickException(f"a signing secret has at least {_SHORTEST} characters")
    now = datetime.now(UTC)
    with open_database() as database, database.writing() as tx:
        owner = sites.find_site(tx, site) or sites.add_site(tx, site, now=now)
        coral.set_secret(tx, owner, secret.strip(), now=now)
        audit.record(
            tx, at=now, actor="command line", act="coral.secret", subject=site, site_id=owner.id
        )
    click.echo(f"In Coral, let an external moderation phase call /adapters/coral/{site}")
