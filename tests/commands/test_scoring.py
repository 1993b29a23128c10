import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from moderation.commands import main, scoring
from tests.factories import FakeScorer


@pytest.fixture(autouse=True)
def champion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "load_champion", lambda _folder: FakeScorer())


def score(text: str, *words: str) -> Result:
    return CliRunner().invoke(main, ["score", *words], input=text)


def test_every_line_gets_one_line_back_in_order() -> None:
    result = score('{"text": "gacor"}\n{"text": "baik", "article": {"title": "x"}}\n')

    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [answer["verdict"] for answer in answers] == ["reject", "approve"]
    assert set(answers[0]) == {"verdict", "scores", "reasons", "spam_kind", "read_as"}
    assert answers[0]["reasons"][0]["spans"] == [{"start": 0, "end": 5, "text": "gacor"}]


def test_a_line_that_cannot_be_read_is_named_and_stops_nothing() -> None:
    result = score('{"text": "baik"}\nini bukan JSON\n{"teks": "x"}\n\n{"text": "baik"}\n')

    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [answer.get("line") for answer in answers] == [None, 2, 3, None]
    assert "not JSON" in answers[1]["error"]
    assert "teks" in answers[2]["error"]


def test_a_file_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "komentar.jsonl"
    path.write_text('{"text": "baik"}\n' * 600, encoding="utf-8")

    result = score("", "--input", str(path))

    assert len(result.stdout.splitlines()) == 600
