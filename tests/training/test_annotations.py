import json
from pathlib import Path

import pytest

from moderation.domain.verdict import LABELS, Label
from training import annotations
from training.annotations import FOLDER, digest_text, read_annotations
from training.evaluation.behaviour import NATURAL
from training.sources import SOURCES

MEASURED = "desrul2019_news_comments"


def test_annotations_are_found_by_the_digest_of_a_text(tmp_path: Path) -> None:
    row = {"digest": digest_text("dasar bodoh"), "labels": ["abuse"]}
    (tmp_path / "some_source.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")

    found = read_annotations("some_source", tmp_path)

    assert found == {digest_text("dasar bodoh"): frozenset({Label.ABUSE})}
    assert read_annotations("another", tmp_path) == {}


def test_the_files_hold_no_text_and_belong_to_a_source() -> None:
    names = {source.name for source in SOURCES} | {NATURAL}
    for path in FOLDER.glob("*.jsonl"):
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]

        assert path.stem in names
        assert all(set(row) == {"digest", "labels"} for row in rows)
        assert all(len(row["digest"]) == 16 and set(row["labels"]) <= set(LABELS) for row in rows)
        assert len({row["digest"] for row in rows}) == len(rows)


def test_a_measured_source_teaches_only_its_published_labels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = next(iter(read_annotations(MEASURED)))
    monkeypatch.setattr(annotations, "digest_text", lambda _: read)

    assert annotations.tags_for(MEASURED, "apa pun")
    assert annotations.labels_to_learn(MEASURED, "apa pun") == {}
