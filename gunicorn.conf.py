"""How gunicorn serves the app, in ``make run`` and in the container alike."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Threads keep a slow client from holding a whole worker.
worker_class = "gthread"
threads = 8
# The model is loaded once and shared by all workers; nothing connects before the fork.
preload_app = True
timeout = 30
graceful_timeout = 20
keepalive = 5
# Workers beat on a file; in memory, so that a slow disk cannot make a healthy one look dead.
_MEMORY = Path("/dev/shm")  # noqa: S108 - the kernel's own, not a name of ours to guess
worker_tmp_dir = str(_MEMORY) if _MEMORY.is_dir() else None

_beside: list["subprocess.Popen[bytes]"] = []


def when_ready(_server: Any) -> None:
    """Start the process that sends webhooks; it ends with this one, however this one ends."""
    if os.environ.get("DELIVER", "1") != "0":
        command = [sys.executable, "-m", "moderation", "deliver", "--with-parent"]
        _beside.append(subprocess.Popen(command))  # noqa: S603 - our own, nothing from outside


def on_exit(_server: Any) -> None:
    """End it when the last request is answered, and wait for its last attempt."""
    for process in _beside:
        process.terminate()
        try:
            process.wait(graceful_timeout)
        except subprocess.TimeoutExpired:
            process.kill()
