"""Score a whole archive again with the champion."""

import gc
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from tqdm import tqdm

from moderation.classifier.artifact import load_champion
from moderation.cluster import spreading
from moderation.commands.opening import open_database
from moderation.domain.scorer import Scorer
from moderation.errors import ArchiveError
from moderation.services.rescoring import FAILED, rescore
from moderation.storage.archive import Archive, open_file
from moderation.storage.archived_comments import StoredComments
from moderation.storage.report_file import Progress, ReportFile

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("rescore")
@click.argument("archive", type=_FILE, required=False)
@click.option("--database", "stored", is_flag=True, help="Score the stored comments instead.")
@click.option("--output", type=_FILE, required=True, help="The report; JSON Lines.")
@click.option(
    "--models",
    "models_dir",
    type=click.Path(path_type=Path),
    envvar="MODERATION_MODELS_DIR",
    default=Path("models"),
    show_default=True,
    help="The folder of champion.json.",
)
@click.option("--scheduler", help="Work on this Dask cluster: tcp://HOST:PORT.")
def rescore_archive(
    archive: Path | None, stored: bool, output: Path, models_dir: Path, scheduler: str | None
) -> None:
    """Score every comment of ARCHIVE (.jsonl or .parquet), or of the database, into a report.

    Rows have text, and may have article and parent as in the API, or article_title,
    article_section, article_summary and parent_text. Their id goes into the report. Stored
    assessments stay as they are. Run again after a kill, it goes on where it stopped. A row that
    cannot be read gives {"row": …, "error": …} in its place, and exit status 1.
    """
    if (archive is None) == (not stored):
        raise click.UsageError("name one archive: a file, or --database")
    scorer = load_champion(models_dir)
    report = ReportFile(output)
    begun = report.begun()
    with _opened(archive, begun) as found:
        counts = _write(scorer, found, report, begun, scheduler)
    for name, count in sorted(counts.items()):
        click.echo(f"{name}\t{count}")
    if counts.get(FAILED):
        raise SystemExit(1)


@contextmanager
def _opened(archive: Path | None, begun: Progress | None) -> Iterator[Archive]:
    if archive is not None:
        yield open_file(archive)
        return
    last = begun.about.get("last") if begun else None
    with open_database() as database:
        yield StoredComments(database, UUID(last) if last else None)


def _write(
    scorer: Scorer,
    archive: Archive,
    report: ReportFile,
    begun: Progress | None,
    scheduler: str | None,
) -> Mapping[str, int]:
    about: dict[str, Any] = {
        **archive.identity,
        "model_version": scorer.version,
        "policy_version": scorer.policy.version,
    }
    if begun is not None and begun.about != about:
        raise ArchiveError(
            f"{report.path}.partial was begun for another archive or model; "
            f"delete it and {report.path}.state, or name another file"
        )
    gc.freeze()  # what is loaded by now stays, and is not looked through again with every batch
    bar = tqdm(total=archive.total, unit=" comments", disable=not sys.stderr.isatty())
    with spreading(scheduler) as spread, report.growing(begun or Progress(about)) as growing, bar:
        done = growing.progress
        bar.update(done.rows)
        for one in spread(rescore, scorer, archive.batches(done.after)):
            growing.add(one.lines, one.rows, one.after, one.counts)
            bar.update(one.rows)
        counts = growing.progress.counts
    report.finish()
    return counts
