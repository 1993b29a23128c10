"""Hand out or erase what is kept of one person; erase what is too old."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TextIO

import click
import sqlalchemy as sa

from moderation.commands.opening import open_database
from moderation.services import privacy
from moderation.services.privacy import Retention
from moderation.settings import Settings
from moderation.storage import search, sites
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.personal import Writer

_OPERATOR = "command line"


def _names_a_person(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--email", help="Their e-mail address."),
        click.option("--author", help="The site's own id for them; needs --site."),
        click.option("--site", help="Look at this site only."),
    ):
        command = option(command)
    return command


@click.command()
@_names_a_person
@click.option("--output", type=click.File("w", encoding="utf-8"), default="-")
def export(site: str | None, author: str | None, email: str | None, output: TextIO) -> None:
    """Write everything that is kept of one person as JSON."""
    with _open() as (database, settings), database.writing() as tx:
        writer = _find_writer(tx, settings, site, author, email)
        found = privacy.export_author(tx, writer, actor=_OPERATOR, now=datetime.now(UTC))
    json.dump({"comments": found}, output, ensure_ascii=False, indent=2)
    output.write("\n")


@click.command()
@_names_a_person
@click.option("--yes", is_flag=True, help="Erase without asking.")
def erase(site: str | None, author: str | None, email: str | None, yes: bool) -> None:
    """Erase one person's texts, name and addresses; decisions and the audit log stay valid."""
    with _open() as (database, settings):
        with database.reading() as tx:
            writer = _find_writer(tx, settings, site, author, email)
        if not yes:
            click.confirm("Their texts cannot be brought back. Erase them?", abort=True)
        with database.writing() as tx:
            count = privacy.erase_author(tx, writer, actor=_OPERATOR, now=datetime.now(UTC))
        search.purge(database)
        database.scrub()
    click.echo("1 comment was erased." if count == 1 else f"{count} comments were erased.")


@click.command()
def retain() -> None:
    """Erase what is older than MODERATION_KEEP_…_DAYS; run it once a day."""
    with _open() as (database, settings):
        kept = Retention(
            text=settings.keep_text_days,
            author=settings.keep_author_days,
            delivered=settings.keep_delivered_days,
            campaign=settings.keep_campaign_days,
        )
        done = privacy.retain(database, kept, actor=_OPERATOR, now=datetime.now(UTC))
        search.purge(database)
        database.scrub()
    for kind, count in done.items():
        click.echo(f"{kind}: {count}")
    if not done:
        click.echo("Nothing has a time limit; see MODERATION_KEEP_TEXT_DAYS.")


@contextmanager
def _open() -> Iterator[tuple[Database, Settings]]:
    settings = Settings.from_environ(os.environ)
    with open_database(settings) as database:
        yield database, settings


def _find_writer(
    tx: sa.Connection, settings: Settings, site: str | None, author: str | None, email: str | None
) -> Writer:
    if bool(author) == bool(email):
        raise click.UsageError("name one person, by --author or by --email")
    if author and site is None:
        raise click.UsageError("--author needs --site: an author's id means something there only")
    found = sites.find_site(tx, site) if site is not None else None
    if site is not None and found is None:
        raise click.UsageError(f"there is no site {site!r}")
    return Writer(
        site_id=found.id if found else None,
        author_id=author or None,
        email_hash=Pseudonyms(settings.secret_key).email(email) if email else None,
    )
