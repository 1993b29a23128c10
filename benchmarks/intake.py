"""Requests per second of ``POST /v1/comments``, as a share of raw WSGI: ``-m benchmarks.intake``.

Both are served by gunicorn with this repository's own settings and loaded by wrk over
loopback, one after the other, several times; the median counts.
"""

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks.serving import Load, load, median, need_wrk, posting_script, prepare, serve


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--synchronous", choices=["FULL", "NORMAL"], default="FULL")
    options = parser.parse_args()
    need_wrk()
    with tempfile.TemporaryDirectory() as folder:
        raw, ours = _measure(Path(folder), options)
    print(f"raw WSGI hello      {raw}")
    print(f"POST /v1/comments   {ours}   stored with SQLite {options.synchronous}")
    print(f"ratio               {ours.per_second / raw.per_second:8.2f}")


def _measure(folder: Path, options: argparse.Namespace) -> tuple[Load, Load]:
    environ, key = prepare(folder, options.synchronous)
    (folder / "hello.lua").write_text("", encoding="utf-8")
    (folder / "post.lua").write_text(posting_script(key), encoding="utf-8")
    raw, ours = [], []
    bare = {**os.environ, "DELIVER": "0"}
    for _ in range(options.rounds):
        with serve("benchmarks.hello:app", "/", bare) as hello:
            load(hello.url, folder / "hello.lua", 1)
            raw.append(load(hello.url, folder / "hello.lua", options.seconds, server=hello))
        with serve("wsgi:app", "/healthz", environ) as app:
            address, script = f"{app.url}/v1/comments", folder / "post.lua"
            load(address, script, 1)
            ours.append(load(address, script, options.seconds, server=app))
    return median(raw), median(ours)


if __name__ == "__main__":
    main()
