"""Promote and go back, over and over, and be killed meanwhile; a program of its own.

``random`` kills at moments drawn by chance, ``every`` before each single step that touches the
disk. After each kill the champion must load, whole, and the history must be readable. Children
are forked, so that no run pays for starting Python again.
"""

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from tests.training.promotion.versions import make_version
from training import durable
from training.durable import alone
from training.promotion import history
from training.promotion.comparing import Evidence
from training.promotion.promoting import Request, promote
from training.promotion.switching import LOCK, load_whole, roll_back

NOW = datetime(2026, 11, 9, tzinfo=UTC)
STEPS = ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir")


def work(models: Path, evidence: Evidence, run: int, rounds: int, told: int) -> None:
    """Train, promote and go back, as several weeks would; tell of each act on a pipe."""
    for turn in range(rounds):
        version = f"run-{run}-{turn}"
        make_version(models, version)
        asked = Request(version, "tests", "always", overrule=True)
        with alone(models / LOCK, "a promotion"):
            promote(models, asked, evidence, now=NOW)
        os.write(told, b".")
        with alone(models / LOCK, "a promotion"):
            roll_back(models, None, by="tests", reason="", now=NOW)
        os.write(told, b".")


def die_before(step: int) -> None:
    """Kill this process before its ``step``-th act on the disk."""
    left = count(step, -1)

    def act() -> None:
        if next(left) <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event in STEPS:
            act()

    # What a killed process wrote is there without waiting for the disk.
    durable.os.fsync = lambda handle: act()  # type: ignore[attr-defined]
    sys.addaudithook(hear)


def forked(models: Path, evidence: Evidence, run: int, step: int | None) -> tuple[int, int]:
    """Start a child; return its id and the pipe it tells of its acts on."""
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if step is not None:
                die_before(step)
            work(models, evidence, run, 10_000 if step is None else 1, told)
        except BaseException as error:
            sys.stderr.write(repr(error))
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    os.close(told)
    return child, heard


def check(models: Path) -> str:
    """Return the champion's version once it is known to be whole, and in the history."""
    pointer = history.read_pointer(models).version
    assert pointer is not None
    version = load_whole(models, pointer).version
    known = history.entries(models)
    assert not known or known[-1].version == version, (known[-1].version, version)
    return version


def killed_at_random(models: Path, evidence: Evidence, kills: int) -> set[str]:
    """Kill so many children at moments drawn by chance, up to some acts into their work."""
    rng, seen = random.Random(7), set()
    for run in range(kills):
        child, heard = forked(models, evidence, run, step=None)
        for _ in range(rng.randrange(3)):
            assert os.read(heard, 1)
        time.sleep(rng.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        os.close(heard)
        seen.add(check(models))
    return seen


def killed_at_every_step(models: Path, evidence: Evidence) -> int:
    """Kill a child before each step of one round; return how many steps there were."""
    for step in count():
        child, heard = forked(models, evidence, run=step, step=step)
        status = os.waitpid(child, 0)[1]
        os.close(heard)
        check(models)
        if not os.WIFSIGNALED(status):
            assert os.WEXITSTATUS(status) == 0
            return step
    raise AssertionError


if __name__ == "__main__":
    how, folder, corpus = sys.argv[1:4]
    found = Evidence(corpus=Path(corpus))
    if how == "random":
        answer = len(killed_at_random(Path(folder), found, int(sys.argv[4])))
    else:
        answer = killed_at_every_step(Path(folder), found)
    sys.stdout.write(str(answer))
