"""Files as newsrooms have them: three forms, several spellings, and mistakes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from moderation.domain.verdict import LABELS, Label
from training.dataset.cells import UnreadableError, known_of
from training.dataset.labelled_files import read_file
from training.dataset.statements import Reject, Statement

NOW = datetime(2026, 11, 23, tzinfo=UTC)
Writer = Callable[[str, str], Path]


def read(path: Path) -> list[Statement | Reject]:
    return list(read_file(path, until=NOW))


def statement(path: Path) -> Statement:
    (row,) = read(path)
    assert isinstance(row, Statement)
    return row


def reasons(path: Path) -> list[tuple[int, str]]:
    return [(row.line, row.reason) for row in read(path) if isinstance(row, Reject)]


def test_a_row_of_json_may_hold_everything(write: Writer) -> None:
    row = {
        "id": "77",
        "text": "dasar goblok",
        "labels": ["abuse"],
        "article": {"title": "Jalan rusak", "section": "Daerah"},
        "parent": {"text": "kapan diperbaiki"},
        "at": "2026-11-02T08:00:00+07:00",
        "language": "id",
    }

    said = statement(write("own.jsonl", json.dumps(row)))

    assert said.known == {label: label is Label.ABUSE for label in LABELS}
    assert said.passage.article is not None
    assert (said.passage.article.title, said.section) == ("Jalan rusak", "Daerah")
    assert (said.passage.parent, said.language) == ("kapan diperbaiki", "id")
    assert said.at == said.said_at == datetime(2026, 11, 2, 1, tzinfo=UTC)
    assert said.comment.endswith(":77")


def test_a_spreadsheet_may_part_cells_with_semicolons(write: Writer) -> None:
    sheet = (
        "\ufefftext;spam;abuse;title;parent_text;at\n"
        + '"baris satu\nbaris dua; ya";1;;Pasar;Eh;2026-11-01\n'
    )

    said = statement(write("own.csv", sheet))

    assert said.known == {Label.SPAM: True}
    assert said.harmful is True
    assert said.passage.text == "baris satu\nbaris dua; ya"
    assert said.passage.article is not None
    assert (said.passage.article.title, said.passage.parent) == ("Pasar", "Eh")


def test_parquet_is_read_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "own.parquet"
    rows = [
        {"text": "dasar goblok", "abuse": 1, "hate": None, "at": NOW.replace(tzinfo=None)},
        {"text": None, "abuse": 0, "hate": 0, "at": None},
    ]
    parquet.write_table(pyarrow.Table.from_pylist(rows), path)

    said, bad = read(path)

    assert isinstance(said, Statement)
    assert (said.known, said.at) == ({Label.ABUSE: True}, NOW)
    assert bad == Reject("own.parquet", 2, "no text")


def test_a_damaged_parquet_file_is_one_reject(write: Writer) -> None:
    assert reasons(write("own.parquet", "PAR1 no more"))[0][0] == 0


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1]", "not a JSON object"),
        ('{"labels": []}', "no text"),
        ('{"text": "ya"}', "no label is known"),
        ('{"text": "ya", "labels": ["rude"]}', "unknown label"),
        ('{"text": "ya", "labels": ""}', "no label is known"),
        ('{"text": "ya", "spam": "maybe"}', "spam is neither 1, 0 nor empty"),
        ('{"text": "ya", "spam": 1, "at": "yesterday"}', "at is no ISO 8601 time"),
        ('{"text": "ya", "spam": 1, "at": "2027-01-01"}', "at is in the future"),
        ('{"text": "\\ud800", "spam": 1}', "not Unicode"),
        (json.dumps({"text": "a" * 20_001, "spam": 1}), "a text of more than 20000 characters"),
    ],
)
def test_a_bad_row_says_why(write: Writer, line: str, reason: str) -> None:
    assert reasons(write("own.jsonl", f"\n{line}\n")) == [(2, reason)]


def test_bytes_that_are_no_utf8_spoil_only_their_row(tmp_path: Path) -> None:
    sheet = tmp_path / "own.csv"
    sheet.write_bytes(b"text,spam\n\xff\xfe,1\nya,0\nya,0,too,many\n")
    lines = tmp_path / "own.jsonl"
    lines.write_bytes(b'{"text": "\xff"}\n{"text": "ya", "spam": 0}\n')

    assert reasons(sheet) == [(2, "not UTF-8"), (4, "more cells than the first line names")]
    assert reasons(lines) == [(1, "not UTF-8")]
    assert (len(read(sheet)), len(read(lines))) == (3, 2)


WORDS = st.sampled_from(["", "1", "0.0", "ya", "mungkin", "spam", "none", "abuse;spam", "nan"])
ANY_CELL = st.one_of(st.none(), st.booleans(), st.integers(), WORDS, st.lists(WORDS))


@given(st.dictionaries(st.sampled_from([*LABELS, "labels"]), ANY_CELL))
def test_whatever_the_cells_hold_labels_are_known_or_the_row_is_refused(cells: Any) -> None:
    try:
        known = known_of(cells)
    except UnreadableError:
        return
    assert known
    assert all(holds in (True, False) for holds in known.values())


@given(st.binary(max_size=200))
def test_no_file_stops_the_reading(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    folder = tmp_path_factory.mktemp("noise")
    for name in ("noise.csv", "noise.jsonl", "noise.parquet"):
        (folder / name).write_bytes(b"text,spam\nya,1\n" * (name == "noise.csv") + noise)
        assert all(isinstance(row, Statement | Reject) for row in read(folder / name))
