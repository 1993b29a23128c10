"""Serve this repository's app as ``make run`` does, and load it with wrk over loopback."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from moderation.services import access
from moderation.storage import sites
from moderation.storage.engine import Database
from moderation.storage.migrations import migrate
from moderation.storage.sites import Scope

ROOT = Path(__file__).parent.parent
CONNECTIONS = 16
# Written for this benchmark: about 200 characters each, clean, borderline and disguised.
TEXTS = (
    "Semoga perundingan kali ini benar-benar menghasilkan gencatan senjata, karena yang paling "
    "menderita selalu warga biasa di perbatasan, bukan para pemimpin yang duduk di meja bundar.",
    "Jalan di depan sekolah kami sudah dua tahun berlubang, tiap hujan anak-anak harus memutar "
    "lewat pematang. Mohon dinas terkait turun melihat sendiri, jangan hanya menunggu laporan.",
    "Setuju dengan penulis, harga gabah memang naik tetapi pupuk naik lebih cepat. Petani di "
    "kampung saya malah memilih menanam singkong tahun ini karena hitungannya lebih masuk akal.",
    "Timnya main bagus di babak pertama, sayang lini belakang lengah sepuluh menit terakhir. "
    "Pelatih perlu berani memasang pemain muda, toh lawan berikutnya tidak terlalu berat.",
)


@dataclass(frozen=True)
class Load:
    """What wrk reports of one run; latencies with their units, as wrk writes them."""

    per_second: float
    p50: str
    p99: str
    refused: int = 0
    cpu_us: float = 0.0
    """Processor time of the server's workers for one request, where the server was named."""

    def __str__(self) -> str:
        cpu = f"  CPU {self.cpu_us:.0f} us a request" if self.cpu_us else ""
        return f"{self.per_second:8.0f} requests/s   p50 {self.p50}  p99 {self.p99}{cpu}"


def need_wrk() -> None:
    """Say what is missing rather than fail half-way."""
    if shutil.which("wrk") is None:
        sys.exit("this benchmark loads the server with wrk; on Debian: apt-get install wrk")


def prepare(folder: Path, synchronous: str = "FULL") -> tuple[dict[str, str], str]:
    """Make a database in the folder; return the server's environment and a key to submit with."""
    url = f"sqlite:///{folder / 'bench.db'}"
    database = Database(url)
    migrate(database.engine)
    with database.writing() as tx:
        now = datetime.now(UTC)
        site = sites.add_site(tx, "bench", now=now)
        key = access.issue_key(tx, site, [Scope.SUBMIT], note="benchmark", now=now)
    database.close()
    environ = {
        **os.environ,
        "MODERATION_SECRET_KEY": "0123456789-only-for-this-benchmark",
        "MODERATION_DATABASE_URL": url,
        "MODERATION_SQLITE_SYNCHRONOUS": synchronous,
        "MODERATION_MODELS_DIR": str(ROOT / "models"),
        "MODERATION_SPOT_CHECK_SHARE": "0",
    }
    return environ, key


def posting_script(key: str) -> str:
    """Return wrk's script: a new comment id with every request, four texts in turn."""
    bodies = ", ".join(f"[==[{json.dumps(text)}]==]" for text in TEXTS)
    return f"""
local texts = {{ {bodies} }}
local n, id = 0, tostring(math.random(1, 2^40))
function setup(thread) thread:set("number", tostring(thread)) end
function request()
  n = n + 1
  local body = '{{"comment_id":"' .. tostring(number) .. id .. n .. '","text":' .. texts[n % 4 + 1]
    .. ',"article":{{"id":"7","title":"Perundingan damai dilanjutkan","section":"Dunia"}}'
    .. ',"author":{{"id":"9","name":"Budi","email":"budi@surat.example","ip":"192.0.2.7"}}}}'
  return wrk.format("POST", nil, {{
    ["Content-Type"] = "application/json", ["Authorization"] = "Bearer {key}" }}, body)
end
function done(summary)
  io.write("refused " .. summary.errors.status .. "\\n")
end
"""


@dataclass(frozen=True)
class Served:
    """A running server: where it answers, and its master process."""

    url: str
    pid: int


@contextmanager
def serve(app: str, ready: str, environ: Mapping[str, str]) -> Iterator[Served]:
    """Run gunicorn on a free port until the block ends; what it logs is shown if it fails."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", app]
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**environ, "PORT": str(port)}, stderr=log
        )
        served = Served(f"http://127.0.0.1:{port}", process.pid)
        try:
            if not wait_for(served.url + ready, process):
                log.seek(0)
                sys.exit(f"the server does not answer:\n{log.read()[-2000:]}")
            yield served
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 30) -> bool:
    """Return whether an address answers before the process ends or the time is over."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own loopback address
                return True
        except OSError:
            time.sleep(0.02)
    return False


def load(
    url: str,
    script: Path,
    seconds: int,
    connections: int = CONNECTIONS,
    *,
    server: Served | None = None,
) -> Load:
    """Load an address for some seconds; ``posting_script`` tells of a script's answers."""
    began = _processor_s(server)
    command = [
        "wrk",
        "-t2",
        f"-c{connections}",
        f"-d{seconds}s",
        "--latency",
        "-s",
        str(script),
        url,
    ]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    spent = _processor_s(server) - began
    refused = re.search(r"refused (\d+)", answer)
    answered = int(re.findall(r"(\d+) requests in", answer)[0])
    return Load(
        float(re.findall(r"Requests/sec:\s+([\d.]+)", answer)[0]),
        re.findall(r"^\s+50%\s+(\S+)", answer, re.MULTILINE)[0],
        re.findall(r"^\s+99%\s+(\S+)", answer, re.MULTILINE)[0],
        int(refused[1]) if refused else 0,
        1e6 * spent / answered,
    )


def _processor_s(server: Served | None) -> float:
    """Return what a server's workers have used so far, from Linux' own books; else nothing."""
    if server is None:
        return 0.0
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    books = [book for pid in children for book in Path(f"/proc/{pid}/task").glob("*/schedstat")]
    return sum(int(book.read_text().split()[0]) for book in books) / 1e9


def median(rounds: Sequence[Load]) -> Load:
    """Return the round in the middle; one that was refused anything counts for nothing."""
    if any(one.refused for one in rounds):
        sys.exit("requests were refused: the figures would be of refusals")
    return sorted(rounds, key=lambda one: one.per_second)[(len(rounds) - 1) // 2]
