"""Files change at one moment or not at all, and one process at a time does a thing."""

from pathlib import Path

import pytest

from training.durable import BusyError, alone, append_line, replace_text


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "pointer.json"
    replace_text(path, "old")

    replace_text(path, "new")

    assert path.read_text("utf-8") == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_who_has_the_old_file_open_reads_it_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "pointer.json"
    replace_text(path, "old")

    with path.open(encoding="utf-8") as file:
        replace_text(path, "new and longer")
        assert file.read() == "old"


@pytest.mark.parametrize("torn", [b"", b"one\n", b"one\nhalf a li"])
def test_a_line_begins_after_one_that_was_left_half_written(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "history.jsonl"
    path.write_bytes(torn)

    append_line(path, "next")

    assert path.read_bytes().startswith(torn)
    assert path.read_text("utf-8").splitlines()[-1] == "next"


def test_a_lock_is_free_again_after_its_block(tmp_path: Path) -> None:
    with alone(tmp_path / "lock", "work"), pytest.raises(BusyError), alone(tmp_path / "lock", "it"):
        pass

    with alone(tmp_path / "lock", "work"):
        pass
