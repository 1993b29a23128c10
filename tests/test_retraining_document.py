"""What is written down about retraining, for people and for timers, is what the code does."""

import re
from pathlib import Path

import pytest

from training.commands import training
from training.cycle.command import BUSY, EXIT_STATUS, cycle
from training.cycle.outcome import Outcome
from training.promotion.margins import ENOUGH, MARGINS, Figure
from training.promotion.switching import KEPT

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "retraining.md").read_text(encoding="utf-8")
TIMED = ("retrain.service", "retrain.cron")


@pytest.mark.parametrize("command", ["compare", "promote", "rollback", "history", "cycle"])
def test_every_command_is_explained(command: str) -> None:
    assert command in training.commands
    assert f"python -m training {command}" in DOCUMENT


@pytest.mark.parametrize("figure", Figure)
def test_every_figure_is_explained_and_its_margins_are_told(figure: Figure) -> None:
    (row,) = [
        line
        for line in DOCUMENT.splitlines()
        if figure in line and re.search(r"\| 0\.\d\d \|", line)
    ]

    assert row.endswith(f"| {MARGINS[figure].whole:.2f} | {MARGINS[figure].slice:.2f} |")


def test_numbers_in_words_are_those_of_the_code() -> None:
    assert f"With {ENOUGH} groups or more on both sides" in DOCUMENT
    assert KEPT == 5
    assert "last five champions" in DOCUMENT


@pytest.mark.parametrize("status", [*EXIT_STATUS.values(), BUSY])
def test_every_exit_status_is_explained(status: int) -> None:
    assert re.search(rf"^\| {status} \| \w", DOCUMENT, re.MULTILINE)


@pytest.mark.parametrize("name", TIMED)
def test_timers_use_options_that_exist(name: str) -> None:
    text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
    known = {option for parameter in cycle.params for option in parameter.opts}

    assert "python -m training cycle" in text
    assert {"--database", "--models", "--work"} <= set(re.findall(r"--\w+", text)) <= known


def test_timers_take_only_a_failed_step_for_a_fault() -> None:
    service = (ROOT / "deploy" / "retrain.service").read_text(encoding="utf-8")
    cron = (ROOT / "deploy" / "retrain.cron").read_text(encoding="utf-8")
    quiet = [EXIT_STATUS[Outcome.REFUSED], EXIT_STATUS[Outcome.NOTHING_NEW], BUSY]

    assert f"SuccessExitStatus={' '.join(map(str, quiet))}\n" in service
    assert f"0|{'|'.join(map(str, quiet))})" in cron
