"""How gunicorn serves the app, in ``make run`` and in the container alike."""

import gc
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

# Workers beat on a file; in memory, so that a slow disk cannot make a healthy one look dead.
# The folder is the kernel's own, not a name of ours to guess.
_MEMORY = Path("/dev/shm")  # noqa: S108 # nosec B108
_IN_MEMORY = str(_MEMORY) if _MEMORY.is_dir() else None
# A comment's arithmetic is too small to share out; idle threads of the library only cost.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Set before anything of ours is loaded: the workers of one server count together.
_COUNTS = "PROMETHEUS_MULTIPROC_DIR"
_OUR_COUNTS = None
if _COUNTS not in os.environ:
    os.environ[_COUNTS] = _OUR_COUNTS = tempfile.mkdtemp(prefix="moderasi-metrics-", dir=_IN_MEMORY)

from moderation.telemetry import logs, serving  # noqa: E402 - needs the line above

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Threads keep a slow client from holding a whole worker. Four for each request worked on at a
# time (MODERATION_REQUESTS_AT_ONCE): one at work, two that wait, one to refuse the rest at once.
worker_class = serving.TogetherWorker
logger_class = serving.QuietLogger
threads = 4 * int(os.environ.get("MODERATION_REQUESTS_AT_ONCE", "8"))
# The model is loaded once and shared by all workers; nothing connects before the fork.
preload_app = True
timeout = 30
graceful_timeout = 20
keepalive = 5
worker_tmp_dir = _IN_MEMORY
# Nothing of ours speaks to it, and a socket in the home folder is one more way in.
control_socket_disable = True
logconfig_dict = logs.configuration()

# Longer than any pause of a live connection; a proxy in front makes it matter little.
_SLOWEST_CLIENT_S = int(os.environ.get("SLOWEST_CLIENT_S", "10"))

_beside: list["subprocess.Popen[bytes]"] = []


def when_ready(server: Any) -> None:
    """Let slow clients time out, and start the process that sends webhooks beside the workers.

    Accepted connections inherit the listener's limit: a half-open one holds no thread. The
    process ends with this one, however this one ends.
    """
    for listener in server.LISTENERS:
        timeout_ = struct.pack("ll", _SLOWEST_CLIENT_S, 0)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeout_)
    if os.environ.get("DELIVER", "1") != "0":
        command = [sys.executable, "-m", "moderation", "deliver", "--with-parent"]
        _beside.append(subprocess.Popen(command))  # noqa: S603 - our own, nothing from outside


def post_worker_init(worker: Any) -> None:
    """Let each worker follow the champion, also one that starts long after the server did."""
    # What was loaded lives as long as the worker: looking through it for garbage finds none.
    gc.freeze()
    from moderation.app import follow_champion

    if hasattr(worker.wsgi, "extensions"):  # a benchmark's bare application has no champion
        follow_champion(worker.wsgi)


def child_exit(_server: Any, worker: Any) -> None:
    """Forget the gauges of a worker that ended; its counts stay."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(_server: Any) -> None:
    """End the process beside, waiting for its last attempt; remove the counts, if ours."""
    for process in _beside:
        process.terminate()
        try:
            process.wait(graceful_timeout)
        except subprocess.TimeoutExpired:
            process.kill()
    if _OUR_COUNTS is not None:
        shutil.rmtree(_OUR_COUNTS, ignore_errors=True)
