"""The real service in its own process, as `make run` starts it, for a browser to visit."""

import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tenacity

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Service:
    """Where it listens, and what its first start printed."""

    url: str
    user: str
    password: str
    key: str
    process: "subprocess.Popen[bytes]"
    environ: dict[str, str]

    def add_person(self, username: str, name: str) -> str:
        """Give somebody an account, and return the password."""
        return subprocess.run(
            [sys.executable, "-m", "moderation", "user", "add", username, f"--name={name}"],
            env=self.environ,
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()


@contextmanager
def running(place: Path, **settings: str) -> Iterator[Service]:
    """Start the service with the bundled champion and an empty database; end it afterwards."""
    port = _free_port()
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MODERATION_")},
        "PORT": str(port),
        "MODERATION_DATABASE_URL": f"sqlite:///{place / 'moderation.db'}",
        "MODERATION_SECRET_KEY_FILE": str(place / "secret-key"),
        "MODERATION_DEMO": "1",
        "MODERATION_DEMO_KEY_FILE": str(place / "demo-key"),
        "MODERATION_SECURE_COOKIES": "0",
        # Whether somebody must look at a comment must not hang on a random secret.
        "MODERATION_SPOT_CHECK_SHARE": "0",
        **settings,
    }
    welcome = subprocess.run(
        [sys.executable, "-m", "moderation", "init"],
        env=environ,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"],
            env=environ,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(url)
        yield Service(
            url,
            _printed(r"User +(\S+)", welcome),
            _printed(r"Password +(\S+)", welcome),
            _printed(r"API key +(\S+)", welcome),
            process,
            environ,
        )
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _printed(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise ValueError(f"the first start did not print {pattern}: {text}")
    return found[1]


@tenacity.retry(
    stop=tenacity.stop_after_delay(60),
    wait=tenacity.wait_fixed(0.1),
    retry=tenacity.retry_if_exception_type(urllib.error.URLError),
    reraise=True,
)
def _wait_until_ready(url: str) -> None:
    with urllib.request.urlopen(f"{url}/readyz", timeout=5):  # noqa: S310 - our own server
        pass
