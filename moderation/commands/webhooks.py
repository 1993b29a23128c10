"""Webhooks: where a site's events are sent, and what became of them."""

import os
from datetime import UTC, datetime
from uuid import UUID

import click

from moderation.commands.opening import open_database
from moderation.domain.delivery import SUBSCRIBABLE, Event, State
from moderation.services import webhooks as service
from moderation.services.delivery import Courier
from moderation.services.sending import HttpSender
from moderation.settings import Settings
from moderation.storage import audit, outbox, sites, webhooks
from moderation.storage.identity import Pseudonyms

_OPERATOR = "command line"


@click.group()
def webhook() -> None:
    """Addresses that are told what happens to a site's comments."""


@webhook.command()
@click.option("--site", "site_name", required=True, help="The site's name; see `key list`.")
@click.option("--url", required=True)
@click.option(
    "--event",
    "events",
    multiple=True,
    type=click.Choice([event.value for event in SUBSCRIBABLE]),
    help="Only these; every event if left out.",
)
def add(site_name: str, url: str, events: tuple[str, ...]) -> None:
    """Make an endpoint and print its signing secret; it is never shown again."""
    now, settings = datetime.now(UTC), Settings.from_environ(os.environ)
    with open_database(settings) as database, database.writing() as tx:
        site = sites.find_site(tx, site_name)
        if site is None:
            raise click.ClickException(f"there is no site {site_name!r}; see `key list`")
        endpoint_id, secret = service.add_endpoint(
            tx,
            site,
            url,
            [Event(name) for name in events] or SUBSCRIBABLE,
            pseudonyms=Pseudonyms(settings.secret_key),
            allow_http=settings.webhook_private,
            now=now,
        )
        audit.record(
            tx,
            at=now,
            actor=_OPERATOR,
            act="webhook.add",
            subject=str(endpoint_id),
            site_id=site.id,
        )
    click.echo(f"{endpoint_id}\t{secret}")


@webhook.command("list")
def list_endpoints() -> None:
    """List every endpoint and how many deliveries it has in each state."""
    with open_database() as database, database.reading() as tx:
        found, counts = webhooks.list_all(tx), outbox.count_by_state(tx)
        names = {site.id: site.name for site in sites.list_sites(tx)}
    for one in found:
        state = f"disabled: {one.disabled_why}" if one.disabled_at else "enabled"
        numbers = " ".join(f"{s}={counts[one.id, s]}" for s in State if (one.id, s) in counts)
        events = ",".join(sorted(one.events))
        click.echo(
            f"{one.id}\t{names[one.site_id]}\t{one.url}\t{events}\t{state}\t{numbers or '-'}"
        )


@webhook.command()
@click.argument("endpoint_id", type=int)
def rotate(endpoint_id: int) -> None:
    """Make a new secret and print it; the old one signs, too, for 24 more hours."""
    now, settings = datetime.now(UTC), Settings.from_environ(os.environ)
    with open_database(settings) as database, database.writing() as tx:
        secret = service.rotate_secret(
            tx, endpoint_id, pseudonyms=Pseudonyms(settings.secret_key), now=now
        )
        audit.record(tx, at=now, actor=_OPERATOR, act="webhook.rotate", subject=str(endpoint_id))
    click.echo(secret)


@webhook.command()
@click.argument("endpoint_id", type=int)
def remove(endpoint_id: int) -> None:
    """Forget an endpoint, its log, and what waits for it."""
    now = datetime.now(UTC)
    with open_database() as database, database.writing() as tx:
        service.remove_endpoint(tx, endpoint_id)
        audit.record(tx, at=now, actor=_OPERATOR, act="webhook.remove", subject=str(endpoint_id))
    click.echo(f"Endpoint {endpoint_id} is removed.")


@webhook.command()
@click.argument("endpoint_id", type=int)
def check(endpoint_id: int) -> None:
    """Send an endpoint a signed event that tells nothing, from here and once, and say what came.

    Exit status 1 unless it was taken.
    """
    settings = Settings.from_environ(os.environ)
    with open_database(settings) as database:
        with database.reading() as tx:
            endpoint = service.find_endpoint(tx, endpoint_id)
        courier = Courier(
            database,
            HttpSender(allow_private=settings.webhook_private),
            Pseudonyms(settings.secret_key),
            clock=lambda: datetime.now(UTC),
        )
        answer = courier.check(endpoint)
    click.echo(f"{endpoint.url}: {answer}")
    if answer.status is None or not 200 <= answer.status < 300:
        raise SystemExit(1)


@webhook.command()
@click.option("--endpoint", "endpoint_id", type=int, help="Only this endpoint's.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
def log(endpoint_id: int | None, limit: int) -> None:
    """Show the last attempts, the newest first."""
    with open_database() as database, database.reading() as tx:
        found = outbox.list_attempts(tx, endpoint_id=endpoint_id, limit=limit)
    for one in found:
        answer = one.error if one.status is None else one.status
        click.echo(
            f"{one.at.isoformat(timespec='seconds')}\t{one.endpoint_id}\t{one.event_id}\t"
            f"{one.type}\t{one.comment_id}\t{one.state}\t{answer}"
        )


@webhook.command()
@click.argument("endpoint_id", type=int)
@click.option("--event", "event_id", type=click.UUID, help="One event, even if it was delivered.")
def replay(endpoint_id: int, event_id: UUID | None) -> None:
    """Enable an endpoint and send again what was not delivered."""
    now = datetime.now(UTC)
    with open_database() as database, database.writing() as tx:
        count = service.replay(tx, endpoint_id, event_id=event_id, now=now)
        audit.record(tx, at=now, actor=_OPERATOR, act="webhook.replay", subject=str(endpoint_id))
    click.echo(f"{count} deliveries wait to be sent.")
