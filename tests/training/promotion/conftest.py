"""A models folder with a champion and challengers, and a small corpus to compare them on."""

import json
from pathlib import Path

import pytest

from moderation.domain.verdict import Label
from tests.training.promotion.versions import WORDS, make_version
from training import bundle
from training.promotion.comparing import Evidence

HARM = {label: word for word, (label, _) in WORDS.items()}


def _line(number: int, label: Label | None) -> dict[str, object]:
    language = "su" if number % 4 == 0 else "id"
    text = f"komentar nomor{number} ini {HARM[label] if label else 'biasa'} kata{number * 7}"
    return {
        "text": text,
        "labels": [label.value] if label else [],
        "kind": None,
        "phenomenon": "plain",
        "register": "everyday",
        "language": language,
        "topic": "harga",
    }


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    """Thirty lines a label, and 200 harmless ones; every fourth is Sundanese."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    labels = [label for label in Label for _ in range(120)] + [None] * 200
    lines = [json.dumps(_line(number, label)) for number, label in enumerate(labels)]
    (folder / "lines.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return Evidence(corpus=folder)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """The champion ``first``, and the challenger ``second``, which is as good."""
    folder = tmp_path / "models"
    make_version(folder, "first")
    make_version(folder, "second")
    bundle.point_at(folder, "first")
    return folder
