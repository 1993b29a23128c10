"""``python -m training labels``: which labels of a dataset are probably wrong."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click
import sqlalchemy as sa

from moderation.classifier.artifact import MANIFEST, POINTER, load_version
from moderation.classifier.scorer import LinearScorer
from moderation.errors import ArtefactError
from moderation.storage import audit, doubts
from moderation.storage.doubts import Doubted
from training.dataset.command import open_database
from training.dataset.folder import DamagedDatasetError, Dataset, load
from training.dataset.statements import as_comment_id
from training.label_errors import FILE, Doubt, find_doubts, write

ACTOR = "training"
MOST_ASKED = 50
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.option("--dataset", "folder", type=_FOLDER, required=True, help="The dataset's folder.")
@click.option("--base", type=_FOLDER, help="The version that judges; the champion if left out.")
@click.option("--database", "url", help="Ask for a second look there at the most doubtful.")
@click.option(
    "--most", type=click.IntRange(1), default=MOST_ASKED, show_default=True,
    help="How many comments people are asked about.",
)  # fmt: skip
def labels(folder: Path, base: Path | None, url: str | None, most: int) -> None:
    """Rank the labels of --dataset that are probably wrong, in its label_errors.jsonl."""
    try:
        dataset = load(folder)
        judge = _judge(base or _champion())
    except (DamagedDatasetError, ArtefactError) as error:
        raise click.ClickException(str(error)) from error
    found = find_doubts(judge.weights, dataset.rows, click.echo)
    write(folder, found)
    click.echo(f"{len(found)} of {len(dataset.rows)} rows are doubtful; see {folder / FILE}")
    if url is not None:
        click.echo(f"{_ask(url, dataset, found, most)} comments wait for a second look")


def _champion() -> Path:
    models = Path("models")
    try:
        return models / str(json.loads((models / POINTER).read_text("utf-8"))["version"])
    except (OSError, ValueError, KeyError) as error:
        raise ArtefactError(f"{models / POINTER} names no champion; name a --base") from error


def _judge(version: Path) -> LinearScorer:
    """Load the version an adapted one comes from: what has learnt a mistake does not see it."""
    while True:
        scorer = load_version(version.parent, version.name)
        origin = json.loads((version / MANIFEST).read_text("utf-8"))
        if "base" not in origin:
            return scorer
        version = version.parent / str(origin["base"])


def _ask(url: str, dataset: Dataset, found: Sequence[Doubt], most: int) -> int:
    now = datetime.now(UTC)
    doubted: dict[UUID, Doubted] = {
        pk: Doubted(one.label, one.given, one.rank)
        for one in found
        if (pk := as_comment_id(one.id)) is not None
    }
    database = open_database(url)
    try:
        with database.writing() as tx:
            asked = doubts.ask_again(tx, doubted, most=most, now=now)
            for site_id, count in sorted(asked.items()):
                audit.record(
                    tx,
                    at=now,
                    actor=ACTOR,
                    act="second-look.ask",
                    subject=f"{count} comments",
                    site_id=site_id,
                    detail={"size": count, "dataset": dataset.fingerprint},
                )
    except sa.exc.DBAPIError as error:
        raise click.ClickException(f"the database cannot be used: {error.orig}") from error
    finally:
        database.close()
    return sum(asked.values())
