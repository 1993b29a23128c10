"""The packages `akismet-api` and `akismet` from npm, unchanged, with only their host set."""

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

CLIENTS = Path(__file__).parents[2] / "clients"

if shutil.which("node") is None:
    pytest.skip("node is missing: the npm clients are NOT tested", allow_module_level=True)
if not (CLIENTS / "node_modules").is_dir():
    pytest.skip(
        "the npm clients are NOT tested: run `npm ci` in tests/clients", allow_module_level=True
    )


def test_both_clients_work_with_nothing_but_their_host_set(
    served: str, akismet_key: str, headers: dict[str, str]
) -> None:
    port = str(urlsplit(served).port)

    spoken = subprocess.run(
        ["node", "--no-deprecation", "speak.js", port, akismet_key],
        cwd=CLIENTS,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert spoken.returncode == 0, spoken.stderr
    thanks = "Thanks for making the web a better place."
    assert json.loads(spoken.stdout) == {
        "akismet-api": {
            "valid": True,
            "unknown": False,
            "spam": True,
            "ham": False,
            "told": [thanks, thanks],
            "refused": "Invalid API key",
        },
        "akismet": {"valid": True, "spam": True, "ham": False, "told": True},
    }
