"""A gunicorn of the test's own, which it may hurt."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tenacity

from tests.conftest import SECRET

SLOW_WORD = "lambat"
"""A text that holds it is scored slowly."""

ROOT = Path(__file__).parents[2]


@dataclass
class Server:
    """Starts, finds, kills and starts again one gunicorn."""

    database_url: str
    key: str
    place: Path
    environ: dict[str, str] = field(default_factory=dict)
    serves: str = "tests.faults.serving:app"
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self) -> None:
        ours = {name: value for name, value in os.environ.items() if "MODERATION_" not in name}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "gunicorn",
                    "--config",
                    "gunicorn.conf.py",
                    self.serves,
                ],
                env={
                    **ours,
                    "PORT": str(self.port),
                    "MODERATION_SECRET_KEY": SECRET,
                    "MODERATION_DATABASE_URL": self.database_url,
                    "MODERATION_SPOT_CHECK_SHARE": "0",
                    "PROMETHEUS_MULTIPROC_DIR": str(self.place),
                    **self.environ,
                },
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        self.wait_until_ready()

    @property
    def log(self) -> Path:
        return self.place / "log"

    @property
    def master(self) -> "subprocess.Popen[bytes]":
        assert self.process is not None
        return self.process

    def workers(self) -> list[int]:
        path = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children")
        return [int(pid) for pid in path.read_text().split()] if path.exists() else []

    def kill_worker(self, number: int) -> None:
        workers = self.workers()
        if workers:
            os.kill(workers[number % len(workers)], signal.SIGKILL)

    def kill_master_and_start_again(self) -> None:
        self.master.kill()
        self.master.wait(30)
        self.start()

    def stop(self) -> int:
        self.master.terminate()
        return self.master.wait(60)

    def post(self, path: str, body: Any, *, timeout: float = 30) -> tuple[int, Any]:
        """Post JSON on a connection of its own; raise ``OSError`` if no answer comes."""
        status, answer, _ = self.post_with_headers(path, body, timeout=timeout)
        return status, answer

    def post_with_headers(
        self, path: str, body: Any, *, timeout: float = 30
    ) -> tuple[int, Any, dict[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            headers = {
                "Authorization": f"Bearer {self.key}",
                "Content-Type": "application/json",
            }
            connection.request("POST", path, json.dumps(body), headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read()), dict(response.getheaders())
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()

    def get_status(self, path: str, *, timeout: float = 30) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    @tenacity.retry(
        stop=tenacity.stop_after_delay(60),
        wait=tenacity.wait_fixed(0.05),
        retry=tenacity.retry_if_exception_type(OSError),
        reraise=True,
    )
    def wait_until_ready(self) -> None:
        self.get_status("/healthz", timeout=5)

    def wait_for_line(self, words: str, *, count: int = 1) -> None:
        """Wait until so many lines of the log hold these words."""
        for _ in range(1200):
            lines = self.log.read_text(encoding="utf-8").splitlines()
            if sum(words in line for line in lines) >= count:
                return
            threading.Event().wait(0.05)
        raise AssertionError(f"the log does not say: {words}")


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        if server.master.poll() is None:
            server.stop()
