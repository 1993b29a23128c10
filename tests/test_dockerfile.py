import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
LINES = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_every_path_the_image_copies_exists_and_is_let_through() -> None:
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    for sources in re.findall(r"^COPY (.+) \S+$", LINES, re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists(), source
            assert f"!{source.rstrip('/')}" in allowed, source


def test_the_image_starts_as_make_run_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    command = re.search(r"^CMD \[(.+)\]$", LINES, re.MULTILINE)

    assert command is not None
    words = command[1].replace('"', "").replace(",", "")
    assert f"$(BIN)/{words}" in makefile


def test_the_image_does_not_run_as_root() -> None:
    user = LINES.index("USER moderasi")

    assert user < LINES.index("CMD [", user)


def test_dependencies_are_installed_by_hash_only() -> None:
    assert re.findall(r"pip install (.+?) \\", LINES) == ["--require-hashes -r requirements.txt"]
