"""``python -m training cycle``: everything from decisions to a champion, for a timer."""

from datetime import UTC, datetime
from pathlib import Path

import click

from moderation.errors import ModerationError
from training.cycle.outcome import Outcome
from training.cycle.running import PAGE, Request
from training.cycle.running import run as run_cycle
from training.durable import BusyError

_FOLDER = click.Path(path_type=Path, file_okay=False)
BUSY = 75
EXIT_STATUS = {
    Outcome.PROMOTED: 0,
    Outcome.FAILED: 1,
    Outcome.REFUSED: 3,
    Outcome.NOTHING_NEW: 4,
}
"""What a timer learns; 2 is a wrong option, 75 another cycle under way."""


@click.command()
@click.option("--database", required=True, help="The service's database URL; only read.")
@click.option("--models", type=_FOLDER, required=True, help="The folder of champion.json.")
@click.option("--work", type=_FOLDER, required=True, help="Where each cycle keeps its outputs.")
@click.option("--data", type=_FOLDER, help="The folder of the public sources, if there.")
@click.pass_context
def cycle(
    context: click.Context, database: str, models: Path, work: Path, data: Path | None
) -> None:
    """Retrain the champion on what people decided; promote the challenger if it may be."""
    asked = Request(database, models, work, data, datetime.now(UTC))
    try:
        report = run_cycle(asked, click.echo)
    except BusyError as error:
        click.echo(f"{error}", err=True)
        context.exit(BUSY)
    except (ModerationError, OSError) as error:
        raise click.ClickException(str(error)) from error
    for step in report.steps:
        if step.error:
            click.echo(f"{step.name} failed: {step.error}")
    for sentence in report.worse:
        click.echo(f"worse: {sentence}")
    click.echo(f"{report.outcome}: {report.version}; champion: {report.champion_after}")
    click.echo(f"{report.advice}.")
    click.echo(f"report: {work / report.version / PAGE}")
    context.exit(EXIT_STATUS[report.outcome])
