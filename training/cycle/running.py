"""One cycle: dataset, train, evaluate, compare, promote if allowed, report."""

import contextlib
import json
import shutil
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from moderation.classifier.artifact import MANIFEST, champion_version
from moderation.errors import ModerationError
from training import corpus_reader
from training.cycle import page, steps
from training.cycle.outcome import ADVICE, Name, Outcome, Report, Step
from training.durable import alone, replace_text
from training.promotion import history
from training.promotion.comparing import Evidence
from training.promotion.promoting import RefusedError
from training.promotion.switching import load_whole

LOCK = ".cycle.lock"
REPORT, PAGE, DATASET = "report.json", "report.txt", "dataset"
_REFUSED_KEPT = 2

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """Where everything lies, and when this is."""

    database: str
    models: Path
    work: Path
    public: Path | None
    now: datetime
    corpus: Path = corpus_reader.FOLDER


class _StoppedError(Exception):
    """A step ended the cycle; ``outcome`` says how."""

    def __init__(self, outcome: Outcome, advice: str) -> None:
        super().__init__(advice)
        self.outcome, self.advice = outcome, advice


@dataclass
class _Run:
    """A cycle under way: what it has made so far."""

    asked: Request
    version: str
    log: Log
    steps: list[Step] = field(default_factory=list)
    dataset: dict[str, Any] = field(default_factory=dict)
    comparison: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.asked.work / self.version

    @property
    def challenger(self) -> Path:
        return self.asked.models / self.version

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.asked.corpus, self.folder / DATASET, self.asked.public)


def run(asked: Request, log: Log) -> Report:
    """Run a cycle and leave its report in a folder of its own under ``work``.

    Whatever goes wrong, the champion is the one before, whole. Raise ``BusyError`` if another
    cycle is under way.
    """
    asked.work.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(asked.models / LOCK, "a cycle"):
        under_way = _Run(asked, _free_version(asked), log)
        under_way.folder.mkdir(mode=0o700)
        before = history.read_pointer(asked.models).version or ""
        outcome, advice = _outcome_of(under_way)
        report = Report(
            outcome=outcome,
            version=under_way.version,
            began=history.as_time(asked.now),
            champion_before=before,
            champion_after=history.read_pointer(asked.models).version or "",
            steps=under_way.steps,
            dataset=under_way.dataset,
            comparison=under_way.comparison,
            advice=advice,
        )
        _write(under_way.folder, report)
        _clear(asked, under_way)
    return report


def _outcome_of(run: _Run) -> tuple[Outcome, str]:
    try:
        _walk(run)
    except _StoppedError as stop:
        return stop.outcome, stop.advice
    return Outcome.PROMOTED, "A running service takes the new champion within two seconds"


def _walk(run: _Run) -> None:
    asked = run.asked
    with _step(run, Name.CHAMPION):
        champion = asked.models / champion_version(asked.models)
        load_whole(asked.models, champion.name)
    with _step(run, Name.DATASET):
        run.dataset = steps.gather(asked.database, run.folder / DATASET, asked.now)
    missing = steps.missing(run.dataset, champion)
    if missing:
        raise _StoppedError(Outcome.NOTHING_NEW, missing)
    with _step(run, Name.TRAIN):
        base = steps.base_of(champion)
        print(f"from {base.name}")
        steps.train(run.folder / DATASET, base, run.challenger, asked.corpus, asked.now)
    with _step(run, Name.EVALUATE):
        steps.evaluate(run.challenger, run.folder)
    with _step(run, Name.COMPARE):
        run.comparison = steps.compare(run.challenger, run.evidence, asked.now)
    with _step(run, Name.PROMOTE):
        steps.promote(run.challenger, run.evidence, asked.now)


@contextlib.contextmanager
def _step(run: _Run, name: Name) -> Iterator[None]:
    """Run a step with its output in a file, and end the cycle if it fails or is refused."""
    output = f"{len(run.steps) + 1}-{name}.log"
    run.log(f"{name} …")
    with (run.folder / output).open("w", encoding="utf-8") as file:
        try:
            with contextlib.redirect_stdout(file), contextlib.redirect_stderr(file):
                yield
        except RefusedError as refusal:
            file.write(f"{refusal}\n")
            run.steps.append(Step(name, went_well=True, output=output))
            raise _StoppedError(Outcome.REFUSED, _against(run.version)) from refusal
        except Exception as error:
            # Whatever it is, it is told, and the champion stays.
            traceback.print_exc(file=file)
            run.steps.append(Step(name, went_well=False, output=output, error=_in_a_line(error)))
            advice = f"{ADVICE[name]}; {run.folder / output} has the details. Then run it again"
            raise _StoppedError(Outcome.FAILED, advice) from error
    run.steps.append(Step(name, went_well=True, output=output))


def _in_a_line(error: Exception) -> str:
    if isinstance(error, click.ClickException):
        return error.format_message()
    return str(error) if isinstance(error, ModerationError) else repr(error)


def _against(version: str) -> str:
    return (
        "Read where it is worse. Wrong or spoilt decisions are corrected in the console, then the "
        "next cycle learns from the corrected ones; to promote it all the same: "
        f'python -m training promote {version} --force --reason "…"'
    )


def _free_version(asked: Request) -> str:
    """Return the day's next name that neither a version nor a run has."""
    taken = {path.name for folder in (asked.models, asked.work) for path in folder.iterdir()}
    taken |= {entry.version for entry in history.entries(asked.models)}
    number = 1
    while (name := f"{asked.now:%Y.%m.%d}-{number}") in taken:
        number += 1
    return name


def _write(folder: Path, report: Report) -> None:
    text = json.dumps(report.to_json(), ensure_ascii=False, indent=1)
    replace_text(folder / REPORT, text + "\n")
    replace_text(folder / PAGE, page.written(report))


def _clear(asked: Request, run: _Run) -> None:
    """Remove what older cycles left: readers' texts, and challengers that were refused.

    What this cycle left half made goes at once. Reports and outputs stay, and every champion.
    """
    older = sorted(path.parent for path in asked.work.glob(f"*/{REPORT}"))
    for folder in older:
        if folder != run.folder:
            shutil.rmtree(folder / DATASET, ignore_errors=True)
    champions = {entry.version for entry in history.entries(asked.models)}
    refused = [folder.name for folder in older if folder.name not in champions]
    for version in refused[:-_REFUSED_KEPT]:
        shutil.rmtree(asked.models / version, ignore_errors=True)
    if not (run.challenger / MANIFEST).exists():
        shutil.rmtree(run.challenger, ignore_errors=True)
