"""Back up, restore, and move to another database."""

from pathlib import Path

import click

from moderation.commands.opening import open_database
from moderation.storage import copies
from moderation.storage.engine import Database
from moderation.storage.fingerprints import Fingerprints


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
def backup(path: Path) -> None:
    """Write a copy of the database to PATH, and what it holds to PATH.json; the service runs on."""
    with open_database() as database:
        _tell(copies.back_up(database, path))


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Lose what the database holds now.")
def restore(path: Path, overwrite: bool) -> None:
    """Put the copy at PATH in the database's place, and check it; stop the service first."""
    with open_database() as database:
        _tell(copies.restore(database, path, overwrite=overwrite))


@click.command("copy-database")
@click.option("--to", "target_url", required=True, help="The empty database to copy into.")
def copy_database(target_url: str) -> None:
    """Copy everything into another database, and compare the two; stop the service first."""
    with open_database() as source:
        target = Database(target_url)
        try:
            _tell(copies.copy_to(source, target))
        finally:
            target.close()


def _tell(found: Fingerprints) -> None:
    for name, one in found.tables.items():
        click.echo(f"{name}\t{one.rows}\t{one.digest[:16]}")
