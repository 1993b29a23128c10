from pathlib import Path

import pytest

from moderation.errors import ArchiveError
from moderation.storage.report_file import Progress, ReportFile

ABOUT = {"sha256": "abc"}


def test_what_was_written_beyond_the_state_is_cut_off(tmp_path: Path) -> None:
    report = ReportFile(tmp_path / "deep" / "report.jsonl")
    with report.growing(Progress(ABOUT)) as growing:
        growing.add(b"one\n", 1, {"row": 1}, {"approve": 1})
    with (tmp_path / "deep" / "report.jsonl.partial").open("ab") as file:
        file.write(b"half a ba")

    begun = report.begun()
    assert begun == Progress(ABOUT, 4, 1, {"row": 1}, {"approve": 1})
    with report.growing(begun) as growing:
        growing.add(b"two\n", 1, {"row": 2}, {"approve": 1, "review": 0})
        assert growing.progress.counts == {"approve": 2, "review": 0}
    report.finish()

    assert report.path.read_bytes() == b"one\ntwo\n"
    assert [path.name for path in report.path.parent.iterdir()] == ["report.jsonl"]


def test_nothing_is_begun_where_there_is_nothing(tmp_path: Path) -> None:
    assert ReportFile(tmp_path / "report.jsonl").begun() is None


def test_a_whole_report_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "report.jsonl").touch()

    with pytest.raises(ArchiveError, match="exists"):
        ReportFile(tmp_path / "report.jsonl").begun()
