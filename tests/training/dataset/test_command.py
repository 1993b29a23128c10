"""``python -m training dataset``."""

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner

from moderation.domain.verdict import Label
from tests.training.dataset.conftest import Newsroom
from training.commands import training
from training.dataset import folder


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(training, ["dataset", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_a_database_and_files_become_one_folder(
    newsroom: Newsroom, database_url: str, write: Callable[[str, str], Path], tmp_path: Path
) -> None:
    newsroom.decide(newsroom.comment("dasar kepala dinas goblok sekali"), Label.ABUSE)
    sheet = write("own.csv", "text,spam\nayo main judi,1\nrusak,x\n")
    out = tmp_path / "set"

    status, told = run(
        "--database", database_url, "--file", str(sheet), "--out", str(out),
        "--until", "2026-12-24",
    )  # fmt: skip

    assert status == 0, told
    assert "2 rows of 3 statements" in told
    assert "1 rejected" in told
    dataset = folder.load(out)
    assert dataset.fingerprint in told
    assert dataset.manifest["rows"]["said_by"]["moderator"]["abuse"]["holds"] == 1
    assert dataset.manifest["files"][0]["name"] == "own.csv"
    assert json.loads((out / folder.REJECTS).read_text("utf-8")) == {
        "file": "own.csv", "line": 3, "reason": "spam is neither 1, 0 nor empty",
    }  # fmt: skip


def test_it_wants_something_to_read(tmp_path: Path) -> None:
    status, told = run("--out", str(tmp_path / "set"))

    assert status == 2
    assert "name a --database, a --file, or both" in told


def test_it_makes_no_database(tmp_path: Path) -> None:
    missing = tmp_path / "none.db"

    status, told = run("--database", f"sqlite:///{missing}", "--out", str(tmp_path / "set"))

    assert status == 2
    assert "there is no database" in told
    assert not missing.exists()


def test_a_database_that_is_no_newsroom_is_named(tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    empty.touch()

    status, told = run("--database", f"sqlite:///{empty}", "--out", str(tmp_path / "set"))

    assert status == 1
    assert "the database cannot be read" in told


def test_a_file_of_another_kind_is_refused(
    write: Callable[[str, str], Path], tmp_path: Path
) -> None:
    status, told = run("--file", str(write("own.xlsx", "")), "--out", str(tmp_path / "set"))

    assert status == 2
    assert "own.xlsx" in told
