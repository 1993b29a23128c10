"""Steady load for half an hour, then three times too much: ``-m benchmarks.soak``.

First the server's capacity is measured with wrk. Then clients of ours keep 70% of it coming, at
an even pace whatever the answers take, while the memory of every process and the write-ahead log
are read; last comes more than three times the capacity, and the pace again.
"""

import argparse
import http.client
import json
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.serving import (
    TEXTS,
    Load,
    Served,
    load,
    need_wrk,
    posting_script,
    prepare,
    serve,
)

CLIENTS = 16
SHARE = 0.7
OVERLOAD_CONNECTIONS = 128
CAPACITY_S = 8
OVERLOAD_S = 20
RECOVERY_S = 5


@dataclass
class Answers:
    """What the paced clients saw: status codes, and seconds from when each was due."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        ordered = sorted(self.seconds) or [0.0]
        p50, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
        return f"{dict(self.statuses)}   p50 {p50 * 1000:.1f}ms  p99 {p99 * 1000:.1f}ms"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--every", type=float, default=15, help="seconds between two readings")
    options = parser.parse_args()
    need_wrk()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ, key = prepare(folder)
        script = folder / "post.lua"
        script.write_text(posting_script(key), encoding="utf-8")
        with serve("wsgi:app", "/readyz", environ) as app:
            capacity = load(f"{app.url}/v1/comments", script, CAPACITY_S)
            print(f"capacity   {capacity}")
            rate = capacity.per_second * SHARE
            _hold(app, key, rate, options, folder)
            _overload(app, key, rate, script, capacity)


def _hold(app: Served, key: str, rate: float, options: argparse.Namespace, folder: Path) -> None:
    readings: list[tuple[float, int]] = []
    with _paced(app, key, rate) as answers:
        for _ in range(max(3, int(options.minutes * 60 / options.every))):
            time.sleep(options.every)
            readings.append((_memory_mb(app.pid), _log_bytes(folder)))
    print(f"steady     {rate:.0f} requests/s for {options.minutes:g} minutes   {answers}")
    third = len(readings) // 3
    early = max(memory for memory, _ in readings[third : 2 * third])
    late = max(memory for memory, _ in readings[-third:])
    print(f"memory     {early:.0f} MB in the second third at most, {late:.0f} MB in the last")
    print(f"log        {max(log for _, log in readings) / 1e6:.1f} MB at most")


def _overload(app: Served, key: str, rate: float, script: Path, capacity: Load) -> None:
    much = load(f"{app.url}/v1/comments", script, OVERLOAD_S, OVERLOAD_CONNECTIONS)
    offered, refused = much.per_second, much.refused / OVERLOAD_S
    print(
        f"overload   {offered:.0f} requests/s offered ({offered / capacity.per_second:.1f} times "
        f"the capacity): {offered - refused:.0f} accepted, {refused:.0f} refused with 503"
    )
    with _paced(app, key, rate) as answers:
        time.sleep(RECOVERY_S)
    print(f"afterwards {rate:.0f} requests/s for {RECOVERY_S} s at once   {answers}")


class _paced:  # noqa: N801 - reads as the function it is used as
    """Sends requests at an even pace in the background until the block ends."""

    def __init__(self, app: Served, key: str, rate: float) -> None:
        self._address = urlsplit(app.url).netloc
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._pause = CLIENTS / rate
        self._ends = threading.Event()
        self._answers = Answers()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._send, args=(number,)) for number in range(CLIENTS)
        ]

    def __enter__(self) -> Answers:
        for thread in self._threads:
            thread.start()
        return self._answers

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join()

    def _send(self, number: int) -> None:
        connection = http.client.HTTPConnection(self._address, timeout=30)
        due = time.monotonic() + self._pause * number / CLIENTS
        for body in _bodies(f"{time.time_ns()}-{number}"):
            if self._ends.wait(max(0.0, due - time.monotonic())):
                break
            connection.request("POST", "/v1/comments", body, self._headers)
            response = connection.getresponse()
            response.read()
            with self._lock:
                self._answers.statuses[response.status] += 1
                self._answers.seconds.append(time.monotonic() - due)
            due += self._pause
        connection.close()


def _bodies(prefix: str) -> Iterator[bytes]:
    at = 0
    while True:
        comment = {
            "comment_id": f"{prefix}-{at}",
            "text": f"{TEXTS[at % len(TEXTS)]} {at}",
            "article": {"id": str(at % 50), "title": "Perundingan damai dilanjutkan"},
            "author": {"id": str(at % 997), "name": "Budi", "ip": "192.0.2.7"},
        }
        yield json.dumps(comment).encode()
        at += 1


def _memory_mb(pid: int) -> float:
    """Return what the server's processes take together, shared pages counted once (PSS)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    total = 0
    for process in (str(pid), *children):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def _log_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.db-wal"))


if __name__ == "__main__":
    main()
