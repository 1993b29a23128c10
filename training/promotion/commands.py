"""``python -m training compare``, ``promote``, ``rollback``, ``history``."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from moderation.classifier.artifact import champion_version
from moderation.errors import ModerationError
from training.durable import BusyError, alone
from training.promotion import history, switching
from training.promotion.comparing import Evidence, compare_versions
from training.promotion.promoting import Request
from training.promotion.promoting import promote as make_champion
from training.promotion.switching import load_whole
from training.promotion.table import as_figures, as_table

_FOLDER = click.Path(path_type=Path, file_okay=False)
_models = click.option(
    "--models",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path("models"),
    show_default=True,
    help="The versions' folder.",
)
_dataset = click.option("--dataset", type=_FOLDER, help="A newsroom's dataset; its held-back rows.")
_public = click.option("--data", type=_FOLDER, help="The folder of the public sources.")
_by = click.option("--by", default="", help="Who does this; the account's name if left out.")

FAILED, BUSY = 1, 75
SERVED = "a running service takes it within two seconds"


@click.command()
@click.argument("challenger")
@click.option("--against", help="The version to compare with; the champion if left out.")
@_models
@_dataset
@_public
def compare(
    challenger: str, against: str | None, models: Path, dataset: Path | None, data: Path | None
) -> None:
    """Compare CHALLENGER with the champion on the same rows; writes comparison.json beside it."""
    with _told():
        load_whole(models, challenger)
        other = against or champion_version(models)
        evidence = Evidence(dataset=dataset, public=data)
        document = compare_versions(models, challenger, other, evidence, now=datetime.now(UTC))
    click.echo(as_table(document))


@click.command()
@click.argument("challenger")
@click.option("--force", is_flag=True, help="Promote it although it is worse somewhere.")
@click.option("--reason", default="", help="Why; goes into the history, and --force needs it.")
@_by
@_models
@_dataset
@_public
def promote(
    challenger: str,
    force: bool,
    reason: str,
    by: str,
    models: Path,
    dataset: Path | None,
    data: Path | None,
) -> None:
    """Make CHALLENGER the champion if it is nowhere worse beyond its margin; else exit with 1."""
    if force and not reason.strip():
        raise click.UsageError('--force needs --reason "…": say why, it stays in the history')
    asked = Request(challenger, by or _account(), reason, overrule=force)
    with _told(), alone(models / switching.LOCK, "a promotion"):
        entry = make_champion(
            models, asked, Evidence(dataset=dataset, public=data), now=datetime.now(UTC)
        )
    for sentence in entry.overruled:
        click.echo(f"overruled: {sentence}")
    click.echo(f"{challenger} is the champion, after {entry.previous}; {SERVED}")


@click.command()
@click.argument("version", required=False)
@click.option("--reason", default="", help="Why; goes into the history.")
@_by
@_models
def rollback(version: str | None, reason: str, by: str, models: Path) -> None:
    """Return to the champion before, or to any earlier VERSION."""
    with _told(), alone(models / switching.LOCK, "a promotion"):
        entry = switching.roll_back(
            models, version, by=by or _account(), reason=reason, now=datetime.now(UTC)
        )
    click.echo(f"{entry.version} is the champion again, after {entry.previous}; {SERVED}")


@click.command("history")
@_models
def list_history(models: Path) -> None:
    """List every champion there was, with the figures it was promoted on."""
    current = history.read_pointer(models).version
    for entry in history.entries(models):
        gone = "" if (models / entry.version).is_dir() else " (folder removed)"
        mark = "*" if entry.version == current else " "
        forced = f" FORCED over {len(entry.overruled)}" if entry.overruled else ""
        told = f" by {entry.by}" if entry.by else ""
        why = f": {entry.reason}" if entry.reason else ""
        click.echo(f"{mark} {entry.at} {entry.version} {entry.act}{told}{forced}{why}{gone}")
        for line in as_figures(entry.figures):
            click.echo(f"    {line}")


class _Failure(click.ClickException):
    exit_code = FAILED


class _Busy(click.ClickException):
    exit_code = BUSY


@contextmanager
def _told() -> Iterator[None]:
    """Tell an expected failure in its own words, and end with its exit status."""
    try:
        yield
    except BusyError as error:
        raise _Busy(str(error)) from error
    except (ModerationError, OSError) as error:
        raise _Failure(str(error)) from error


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "unknown"
