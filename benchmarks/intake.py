"""Requests per second of ``POST /v1/comments``, as a share of raw WSGI: ``-m benchmarks.intake``.

Both are served by gunicorn with this repository's own settings and loaded by wrk over
loopback, one after the other, several times; the median counts.
"""

import argparse
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
from collections.abc import Iterator
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

    def __str__(self) -> str:
        return f"{self.per_second:8.0f} requests/s   p50 {self.p50}  p99 {self.p99}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--synchronous", choices=["FULL", "NORMAL"], default="FULL")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("this benchmark loads the server with wrk; on Debian: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder:
        raw, ours = _measure(Path(folder), options)
    print(f"raw WSGI hello      {raw}")
    print(f"POST /v1/comments   {ours}   stored with SQLite {options.synchronous}")
    print(f"ratio               {ours.per_second / raw.per_second:8.2f}")


def _measure(folder: Path, options: argparse.Namespace) -> tuple[Load, Load]:
    environ, key = _prepare(folder, options.synchronous)
    (folder / "hello.lua").write_text("", encoding="utf-8")
    (folder / "post.lua").write_text(_lua(key), encoding="utf-8")
    raw, ours = [], []
    for _ in range(options.rounds):
        with _serve("benchmarks.hello:app", "/", os.environ) as url:
            raw.append(_load(url, folder / "hello.lua", options.seconds))
        with _serve("wsgi:app", "/healthz", environ) as url:
            ours.append(_load(f"{url}/v1/comments", folder / "post.lua", options.seconds))
    return _median(raw), _median(ours)


def _prepare(folder: Path, synchronous: str) -> tuple[dict[str, str], str]:
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
    }
    return environ, key


def _lua(key: str) -> str:
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


@contextmanager
def _serve(app: str, ready: str, environ: dict[str, str] | os._Environ[str]) -> Iterator[str]:
    """Run gunicorn on a free port until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "gunicorn.conf.py",
            "--log-level",
            "error",
            app,
        ],
        cwd=ROOT,
        env={**environ, "PORT": str(port)},
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url + ready, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own loopback address
                return
        except OSError:
            if process.poll() is not None:
                sys.exit("the server did not start")
            time.sleep(0.05)
    sys.exit(f"{url} does not answer")


def _load(url: str, script: Path, seconds: int) -> Load:
    answer = subprocess.run(
        ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", str(script), url],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    refused = re.search(r"refused (\d+)", answer)
    if refused is not None and int(refused[1]):
        sys.exit(f"{refused[1]} requests were refused:\n{answer}")
    return Load(
        float(re.findall(r"Requests/sec:\s+([\d.]+)", answer)[0]),
        re.findall(r"^\s+50%\s+(\S+)", answer, re.MULTILINE)[0],
        re.findall(r"^\s+99%\s+(\S+)", answer, re.MULTILINE)[0],
    )


def _median(rounds: list[Load]) -> Load:
    return sorted(rounds, key=lambda load: load.per_second)[(len(rounds) - 1) // 2]


if __name__ == "__main__":
    main()
