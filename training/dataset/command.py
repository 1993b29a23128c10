"""``python -m training dataset``: gather what people said into one folder."""

from datetime import UTC, datetime
from pathlib import Path

import click
import sqlalchemy as sa

from moderation.storage.engine import Database
from training.dataset import folder
from training.dataset.labelled_files import SUFFIXES
from training.dataset.making import Request, make
from training.dataset.splitting import HELD_SHARE


@click.command()
@click.option("--database", "url", help="The service's database; left out, only files are read.")
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Labelled comments as .csv, .jsonl or .parquet; may be given again.",
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--site", "site_names", multiple=True, help="Only this site's; may be given again.")
@click.option("--until", type=click.DateTime(), help="Only what was said by then (UTC); now.")
@click.option(
    "--held", type=click.FloatRange(0, 0.5), default=HELD_SHARE, show_default=True,
    help="The share of comments, the latest, that no training sees.",
)  # fmt: skip
@click.option("--parquet", is_flag=True, help="Keep the rows as Parquet.")
def dataset(
    url: str | None,
    files: tuple[Path, ...],
    out: Path,
    site_names: tuple[str, ...],
    until: datetime | None,
    held: float,
    parquet: bool,
) -> None:
    """Gather moderators' decisions, second looks, site feedback and files into --out."""
    if url is None and not files:
        raise click.UsageError("name a --database, a --file, or both")
    strange = [path.name for path in files if path.suffix.lower() not in SUFFIXES]
    if strange:
        raise click.UsageError(f"{', '.join(strange)}: only {', '.join(sorted(SUFFIXES))} are read")
    at = until.replace(tzinfo=UTC) if until else datetime.now(UTC)
    database = open_database(url) if url else None
    try:
        made = make(Request(database, files, at, site_names, held))
    except sa.exc.DBAPIError as error:
        raise click.ClickException(f"the database cannot be read: {error.orig}") from error
    finally:
        if database is not None:
            database.close()
    folder.write(out, made, parquet=parquet)
    click.echo(_summary(out, made))


def open_database(url: str) -> Database:
    """Open the service's database; an SQLite file that is not there is not made."""
    try:
        parts = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise click.UsageError(f"--database is no database URL: {error}") from error
    path = parts.database
    if parts.get_backend_name() == "sqlite" and not (path and Path(path).is_file()):
        raise click.UsageError(f"there is no database {path}")
    return Database(url)


def _summary(out: Path, made: folder.Dataset) -> str:
    counts = made.manifest
    gone = ", ".join(f"{count} {why}" for why, count in counts["left_out"].items() if count)
    return "\n".join(
        [
            f"{out}: {counts['rows']['total']} rows of {counts['read']['total']} statements, "
            f"{counts['rows']['split']['held']} held back",
            f"left out: {gone or 'nothing'}",
            f"fingerprint {made.fingerprint}",
        ]
    )
