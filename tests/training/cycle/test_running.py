"""A cycle ends with a whole champion, a report, and what to do, whatever happens on the way."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from moderation.classifier.artifact import load_champion
from moderation.domain.verdict import Label
from tests.training.cycle.conftest import Trainer
from tests.training.dataset.conftest import Newsroom
from tests.training.promotion.versions import WORDS
from training.commands import training
from training.cycle import command, steps
from training.cycle.outcome import Name, Outcome
from training.cycle.running import DATASET, LOCK, PAGE, REPORT, Request, run
from training.durable import BusyError, alone
from training.promotion import history

NO_ABUSE = {word: (label, 9.0) for word, (label, _) in WORDS.items() if label is not Label.ABUSE}


def silent(_: str) -> None:
    pass


def test_a_good_challenger_serves_and_everything_is_kept(asked: Request, trainer: Trainer) -> None:
    report = run(asked, silent)

    folder = asked.work / "2026.12.21-1"
    assert (report.outcome, report.champion_before) == (Outcome.PROMOTED, "first")
    assert load_champion(asked.models).version == report.champion_after == "2026.12.21-1"
    assert {path.name for path in folder.iterdir()} == {
        DATASET, "1-champion.log", "2-dataset.log", "3-train.log", "4-evaluate.log",
        "5-compare.log", "6-promote.log", "evaluation.json", REPORT, PAGE,
    }  # fmt: skip
    assert "learning from dataset and first" in (folder / "3-train.log").read_text("utf-8")
    assert "Nothing is worse" in (folder / "5-compare.log").read_text("utf-8")
    assert json.loads((folder / REPORT).read_text("utf-8"))["outcome"] == "promoted"
    assert history.entries(asked.models)[-1].by == "cycle"
    assert history.entries(asked.models)[-1].figures["newsroom"]["abuse"]["F1"] == [1, 1]


def test_the_page_tells_an_editor_what_happened_in_words(asked: Request, trainer: Trainer) -> None:
    run(asked, silent)

    page = (asked.work / "2026.12.21-1" / PAGE).read_text("utf-8")
    assert "Hasil: Model baru DIPAKAI." in page
    assert "Bahan: 16 komentar yang sudah diputuskan orang, dan 4 yang terbaru" in page
    assert "- hinaan: terlewat 0 -> 0, salah tuduh 0 -> 0 (dari 2)" in page
    assert "Kembali: python -m training rollback" in page
    assert len(page.splitlines()) < 60


def test_a_worse_challenger_is_refused_and_the_label_is_named(
    asked: Request, trainer: Trainer
) -> None:
    trainer.words = NO_ABUSE

    report = run(asked, silent)

    page = (asked.work / report.version / PAGE).read_text("utf-8")
    assert report.outcome is Outcome.REFUSED
    assert report.worse[0].startswith("abuse (corpus)")
    assert "- hinaan, corpus: ketepatan label (F1) 1,000 -> 0,000 (boleh turun 0,020)" in page
    assert f"promote {report.version} --force" in page
    assert load_champion(asked.models).version == "first"


def test_with_nothing_new_nothing_is_trained(
    asked: Request, trainer: Trainer, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "FEWEST_TO_LEARN", 17)

    report = run(asked, silent)

    assert report.outcome is Outcome.NOTHING_NEW
    assert report.advice.startswith("There are 16 comments to learn from and 4 held back")
    assert [step.name for step in report.steps] == [Name.CHAMPION, Name.DATASET]


def test_a_step_that_fails_leaves_the_champion_alone_and_says_what_to_do(
    asked: Request, trainer: Trainer
) -> None:
    trainer.error = MemoryError("no room")

    report = run(asked, silent)

    folder = asked.work / report.version
    assert report.outcome is Outcome.FAILED
    assert (report.steps[-1].name, report.steps[-1].went_well) == (Name.TRAIN, False)
    assert "memory and disk" in report.advice
    assert "MemoryError: no room" in (folder / "3-train.log").read_text("utf-8")
    assert "GAGAL: MemoryError" in (folder / PAGE).read_text("utf-8")
    assert load_champion(asked.models).version == "first"
    assert not (asked.models / report.version).exists()


@pytest.mark.parametrize("url", ["nonsense", "sqlite:///nowhere/at/all.db"])
def test_a_database_that_is_not_there_is_a_failed_step(
    asked: Request, trainer: Trainer, url: str
) -> None:
    report = run(replace(asked, database=url), silent)

    assert report.outcome is Outcome.FAILED
    assert report.advice.startswith("See that --database names the service's database")


def test_without_a_champion_there_is_nothing_to_start_from(
    asked: Request, trainer: Trainer
) -> None:
    (asked.models / "champion.json").unlink()

    report = run(asked, silent)

    assert report.outcome is Outcome.FAILED
    assert "champion.json is missing" in report.steps[-1].error


def test_two_cycles_never_run_together(asked: Request, trainer: Trainer) -> None:
    with (
        alone(asked.models / LOCK, "a cycle"),
        pytest.raises(BusyError, match="a cycle is running already"),
    ):
        run(asked, silent)


def test_what_is_adapted_is_the_version_an_adapted_champion_came_from(
    asked: Request, trainer: Trainer
) -> None:
    trainer.base = "first"
    first = run(asked, silent)
    trainer.seen.clear()

    run(replace(asked, now=asked.now + timedelta(days=7)), silent)

    assert load_champion(asked.models).version != first.version
    assert trainer.seen == ["first"]


def test_without_the_version_it_came_from_the_champion_itself_is_adapted(
    asked: Request, trainer: Trainer
) -> None:
    trainer.base = "gone"
    first = run(asked, silent)
    trainer.seen.clear()

    run(replace(asked, now=asked.now + timedelta(days=7)), silent)

    assert trainer.seen == [first.version]


def test_older_cycles_keep_their_reports_but_no_readers_texts(
    asked: Request, trainer: Trainer
) -> None:
    first = run(asked, silent)
    second = run(replace(asked, now=asked.now + timedelta(days=7)), silent)

    assert second.version == "2026.12.28-1"
    assert not (asked.work / first.version / DATASET).exists()
    assert (asked.work / first.version / REPORT).exists()
    assert (asked.work / second.version / DATASET).exists()


def test_refused_challengers_do_not_pile_up(asked: Request, trainer: Trainer) -> None:
    trainer.words = NO_ABUSE
    versions = [run(asked, silent).version for _ in range(4)]

    there = {path.name for path in asked.models.iterdir() if path.is_dir()}

    assert versions == [f"2026.12.21-{number}" for number in (1, 2, 3, 4)]
    assert there == {"first", "second", *versions[2:]}


@pytest.mark.parametrize(
    ("words", "enough", "status"), [(WORDS, 10, 0), (NO_ABUSE, 10, 3), (WORDS, 99, 4)]
)
def test_the_exit_status_tells_a_timer_what_happened(
    asked: Request,
    trainer: Trainer,
    monkeypatch: pytest.MonkeyPatch,
    words: dict[str, tuple[Label, float]],
    enough: int,
    status: int,
) -> None:
    trainer.words = words
    monkeypatch.setattr(steps, "FEWEST_TO_LEARN", enough)

    ended, output = typed(asked, monkeypatch)

    assert ended == status, output
    assert "report: " in output


def test_a_failed_step_and_a_busy_folder_have_a_status_of_their_own(
    asked: Request, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer.error = RuntimeError("broke")
    failed = typed(asked, monkeypatch)
    with alone(asked.models / LOCK, "a cycle"):
        busy = typed(asked, monkeypatch)

    assert (failed[0], busy[0]) == (1, 75)
    assert "train failed: RuntimeError('broke')" in failed[1]


def typed(asked: Request, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Run the command as a timer would, on the corpus and at the time of the test."""
    monkeypatch.setattr(
        command,
        "run_cycle",
        lambda given, log: run(replace(given, corpus=asked.corpus, now=asked.now), log),
    )
    words = ["--database", asked.database, "--models", str(asked.models), "--work", str(asked.work)]
    result = CliRunner().invoke(training, ["cycle", *words])
    return result.exit_code, result.output
