"""Make, list and revoke API keys."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from moderation.commands.opening import open_database
from moderation.services import access
from moderation.settings import Settings
from moderation.storage import audit, sites
from moderation.storage.identity import Pseudonyms
from moderation.storage.sites import Scope

_OPERATOR = "command line"


@click.group()
def key() -> None:
    """API keys, each for one site."""


@key.command()
@click.option("--site", required=True, help="The site's name; it is made if it is new.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    default=[Scope.SUBMIT.value],
    show_default=True,
)
@click.option("--note", default="", help="What the key is for.")
@click.option("--days", type=click.IntRange(min=1), help="Let it expire after so many days.")
def add(site: str, scopes: tuple[str, ...], note: str, days: int | None) -> None:
    """Make a key and print it; it is never shown again."""
    now = datetime.now(UTC)
    asked = {Scope(name) for name in scopes}
    if Scope.AKISMET in asked and len(asked) > 1:
        raise click.ClickException(
            "the scope akismet makes a key of its own kind; ask for it alone"
        )
    settings = Settings.from_environ(os.environ)
    lasts = timedelta(days=days) if days is not None else None
    terms: dict[str, Any] = {"note": note, "now": now, "expires_at": now + lasts if lasts else None}
    with open_database(settings) as database, database.writing() as tx:
        owner = sites.find_site(tx, site) or sites.add_site(tx, site, now=now)
        if Scope.AKISMET in asked:
            pseudonyms = Pseudonyms(settings.secret_key)
            made = access.issue_akismet_key(tx, owner, pseudonyms, **terms)
        else:
            made = access.issue_key(tx, owner, asked, **terms)
        audit.record(
            tx, at=now, actor=_OPERATOR, act="key.add", subject=made[-4:], site_id=owner.id
        )
    click.echo(made)


@key.command("list")
def list_keys() -> None:
    """List every key, without its secret."""
    with open_database() as database, database.reading() as tx:
        found = sites.list_keys(tx)
    now = datetime.now(UTC)
    for one in found:
        state = "valid" if one.is_valid(now) else "ended"
        scopes = ",".join(sorted(one.scopes))
        used = (
            "never used" if one.last_used_at is None else f"used {one.last_used_at:%Y-%m-%d %H:%M}"
        )
        ends = "" if one.expires_at is None else f"until {one.expires_at:%Y-%m-%d %H:%M}"
        click.echo(
            f"{one.id}\t…{one.hint}\t{one.site.name}\t{scopes}\t{state}\t{one.note}\t{used}\t{ends}"
        )


@key.command()
@click.argument("key_id", type=int)
@click.option(
    "--overlap-hours",
    type=click.IntRange(min=0),
    default=24,
    show_default=True,
    help="For how long the old key still works.",
)
def rotate(key_id: int, overlap_hours: int) -> None:
    """Make a key with the same rights, print it, and let the old one end after the overlap."""
    now = datetime.now(UTC)
    with open_database() as database, database.writing() as tx:
        old = sites.find_key_by_id(tx, key_id)
        if old is None or not old.is_valid(now):
            raise click.ClickException(f"no living key has the id {key_id}; see `key list`")
        made = access.rotate_key(tx, old, overlap=timedelta(hours=overlap_hours), now=now)
        audit.record(
            tx, at=now, actor=_OPERATOR, act="key.rotate", subject=str(key_id), site_id=old.site.id
        )
    click.echo(made)


@key.command()
@click.argument("key_id", type=int)
def revoke(key_id: int) -> None:
    """End the key with this id; workers notice within seconds."""
    now = datetime.now(UTC)
    with open_database() as database, database.writing() as tx:
        if not sites.revoke_key(tx, key_id, now=now):
            raise click.ClickException(f"no living key has the id {key_id}; see `key list`")
        audit.record(tx, at=now, actor=_OPERATOR, act="key.revoke", subject=str(key_id))
    click.echo(f"Key {key_id} is revoked.")
