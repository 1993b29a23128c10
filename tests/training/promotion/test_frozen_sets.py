"""What is compared on stays the same, is cut into slices, and says where it came from."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from moderation.domain.scorer import Article, Passage
from moderation.domain.verdict import LABELS, Label
from moderation.errors import InvalidError
from training.dataset import folder
from training.dataset.folder import Dataset, fingerprint
from training.dataset.rows import Row, Split
from training.dataset.statements import Voice
from training.examples import Example
from training.promotion import frozen_sets
from training.promotion.comparing import Evidence, seen
from training.promotion.frozen_sets import FrozenSet, newsroom_set, public_sets, slices

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def example(text: str, section: str = "", **tags: str) -> Example:
    article = Article(section=section) if section else None
    return Example(Passage(text, article), {Label.SPAM: False}, "kabar", text, tags=tags)


def row(number: int, split: Split) -> Row:
    return Row(
        id=str(number),
        passage=Passage(f"komentar {number}", Article("Jalan", "Daerah")),
        known=dict.fromkeys(LABELS, False),
        voice=Voice.MODERATOR,
        source="kabar",
        at=MONDAY.replace(hour=number),
        said_at=MONDAY,
        language="jv",
        group=str(number),
        copies=1,
        split=split,
    )


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    rows = [row(1, Split.TRAIN), row(2, Split.HELD), row(3, Split.HELD)]
    out = tmp_path / "dataset"
    folder.write(out, Dataset(rows, [], {"fingerprint": fingerprint(rows)}))
    return out


def test_rows_are_cut_by_disguise_source_language_and_section() -> None:
    rows = [
        example("sehat selalu", "Daerah", language="id"),
        example("s.l.o.t g.a.c.o.r", "daerah", language="su"),
        example("biasa saja"),
    ]

    found = slices(rows)

    assert found == {
        ("disguised", "no"): [0, 2],
        ("disguised", "yes"): [1],
        ("language", "id"): [0],
        ("language", "su"): [1],
        ("section", "daerah"): [0, 1],
    }


def test_a_newsrooms_set_is_what_its_dataset_holds_back(dataset: Path) -> None:
    found = newsroom_set(dataset)

    assert [one.passage.text for one in found.rows] == ["komentar 2", "komentar 3"]
    assert found.since == MONDAY.replace(hour=2)
    assert found.rows[0].tags["language"] == "jv"
    assert found.rows[0].source == "kabar"


def test_a_damaged_dataset_is_no_evidence(dataset: Path) -> None:
    (dataset / folder.ROWS_JSON).write_bytes(b"")

    with pytest.raises(InvalidError, match="make it with python -m training dataset"):
        newsroom_set(dataset)


def test_a_set_changes_its_digest_with_any_of_its_labels(dataset: Path) -> None:
    held = newsroom_set(dataset)
    flipped = Example(held.rows[0].passage, {Label.SPAM: True}, "kabar", held.rows[0].group)

    assert held.digest == newsroom_set(dataset).digest
    assert held.digest != FrozenSet(held.name, [flipped, held.rows[1]], "").digest


def test_at_most_so_many_rows_of_a_public_source_and_always_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[dict[str, object]] = [
        {"text": f"komentar nomor {at}", "abuse": at % 2, "split": None, "labels": {}}
        for at in range(50)
    ]
    path = tmp_path / "blob2020_toxic_small.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    monkeypatch.setattr(frozen_sets, "_MOST_OF_A_SOURCE", 10)

    (found,), (again,) = public_sets(tmp_path), public_sets(tmp_path)

    assert found.name == "blob2020_toxic_small"
    assert len(found.rows) == 10
    assert found.digest == again.digest


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        ({}, "unknown"),
        ({"created": "2026-11-23T01:00:00+00:00"}, "no"),
        ({"created": "2026-11-24T01:00:00+00:00"}, "unknown"),
        ({"created": "2026-11-24T01:00:00+00:00", "dataset": {"fingerprint": "f"}}, "no"),
    ],
)
def test_who_is_older_than_a_comment_has_not_learnt_from_it(
    dataset: Path, manifest: dict[str, object], told: str
) -> None:
    assert seen(manifest, newsroom_set(dataset)) == told


def test_the_manifest_tells_of_corpus_and_public_sources() -> None:
    manifest = {"corpus": {"lines": 7}, "sources": [{"name": "nusax_senti"}]}

    told = [seen(manifest, FrozenSet(name, (), "")) for name in ("corpus", "nusax_senti", "other")]

    assert told == ["yes", "yes", "no"]


def test_another_dataset_is_other_evidence(dataset: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    rows = [row(4, Split.HELD)]
    folder.write(other, Dataset(rows, [], {"fingerprint": fingerprint(rows)}))

    assert Evidence(dataset=dataset).fingerprints() == Evidence(dataset=dataset).fingerprints()
    assert Evidence(dataset=dataset).fingerprints() != Evidence(dataset=other).fingerprints()
