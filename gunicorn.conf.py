"""How gunicorn serves the app, in ``make run`` and in the container alike."""

import os
from pathlib import Path

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
