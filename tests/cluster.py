"""A real Dask cluster: a scheduler and workers, each a process of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

ROOT = Path(__file__).parent.parent


@dataclass
class DaskCluster:
    """Its scheduler's address, and its workers that were not killed."""

    address: str
    workers: list[subprocess.Popen[bytes]]

    def kill_a_worker(self) -> None:
        """Kill one without any warning."""
        worker = self.workers.pop()
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()


@contextmanager
def dask_cluster(folder: Path, workers: int = 2) -> Iterator[DaskCluster]:
    """Start a scheduler on a free port, and workers with one thread each."""
    place = folder / "scheduler.json"
    with ExitStack() as running:
        words = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(place))
        running.enter_context(_process("dask_scheduler", folder, *words, "--no-dashboard"))
        address = _address(place)
        started = [
            running.enter_context(
                _process(
                    "dask_worker", folder, address, "--nthreads", "1", "--no-nanny",
                    "--no-dashboard", "--host", "127.0.0.1", "--local-directory", str(folder),
                )
            )
            for _ in range(workers)
        ]  # fmt: skip
        yield DaskCluster(address, started)


def _address(place: Path) -> str:
    for _ in range(600):
        if place.exists() and place.stat().st_size:
            return str(json.loads(place.read_text("utf-8"))["address"])
        Event().wait(0.05)
    raise AssertionError("the scheduler did not start")


@contextmanager
def _process(program: str, folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", f"distributed.cli.{program}", *words]
    with (folder / f"{program}.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
