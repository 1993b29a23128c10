"""Killed at any step, the champion is a whole, verified one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from training.promotion.comparing import Evidence

ROOT = Path(__file__).parents[3]
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


@pytest.fixture
def few_lines(evidence: Evidence) -> Path:
    """A corpus so small that comparing takes no time."""
    path = evidence.corpus / "lines.jsonl"
    path.write_text("\n".join(path.read_text("utf-8").splitlines()[::40]), encoding="utf-8")
    return evidence.corpus


def run(how: str, models: Path, corpus: Path, *more: str) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "tests.training.promotion.killing", how, models, corpus, *more],
        cwd=ROOT,
        env={**os.environ, **ONE_THREAD},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return int(done.stdout)


def test_fifty_random_kills_leave_a_whole_champion(models: Path, few_lines: Path) -> None:
    champions = run("random", models, few_lines, "50")

    # How many changes come through depends on the machine; some must, or nothing was tried.
    assert champions > 1


def test_a_kill_before_every_single_step_leaves_a_whole_champion(
    models: Path, few_lines: Path
) -> None:
    steps = run("every", models, few_lines)

    assert steps > 30
