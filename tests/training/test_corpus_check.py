"""The project's own corpus is clean."""

from typing import Any

import pytest

from moderation.domain.verdict import LABELS
from training import corpus_reader
from training.corpus_check import HARMFUL, HARMLESS, LANGUAGES, counts, near_copies, problems

ROWS = list(corpus_reader.rows())


def _row(**changed: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "text": "Jalan di desa kami rusak",
        "labels": [],
        "kind": None,
        "phenomenon": "news-ordinary",
        "register": "everyday",
        "language": "id",
        "topic": "desa",
    }
    return {**row, **changed}


def test_every_line_keeps_the_schema() -> None:
    wrong = [(row["text"], found) for row in ROWS for found in problems(row)]

    assert wrong == []


def test_few_lines_say_nearly_the_same() -> None:
    pairs = near_copies([row["text"] for row in ROWS])

    assert len(pairs) / len(ROWS) < 0.01


def test_no_line_stands_twice() -> None:
    texts = [row["text"] for row in ROWS]

    assert len(set(texts)) == len(texts)


def test_the_corpus_is_large_and_covers_every_slice() -> None:
    tables = counts(ROWS)

    assert len(ROWS) >= 6000
    assert set(tables["phenomenon"]) == HARMFUL | HARMLESS
    assert set(tables["language"]) == LANGUAGES
    assert all(tables["label"][label] >= 400 for label in LABELS)
    assert tables["label"]["harmless"] >= len(ROWS) * 0.4


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (_row(text=" "), "empty text"),
        (_row(labels=["rude"]), "unknown label"),
        (_row(topic="bulan"), "unknown topic bulan"),
        (_row(parent="Setuju"), "the parent is no object"),
        (_row(extra=1), "unknown key"),
        (_row(labels=["abuse"]), "a harmless phenomenon with labels"),
        (_row(phenomenon="threat-direct"), "the phenomenon's own label is missing"),
        (_row(kind="judol"), "a harmless line with a kind"),
        (_row(text="hubungi 0813-4456-7802"), "a phone number that may be somebody's"),
    ],
)
def test_a_bad_line_is_named(row: dict[str, Any], problem: str) -> None:
    assert any(found.startswith(problem) for found in problems(row))
