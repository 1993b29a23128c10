"""Labels somebody got wrong stand out, and are put before people again."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from moderation.classifier.artifact import load_version
from moderation.domain.decision import Decision
from moderation.domain.reach import EVERYWHERE
from moderation.domain.verdict import LABELS, Label
from moderation.storage import second_looks
from moderation.storage.second_looks import Origin
from tests.training.dataset.conftest import Newsroom, newsroom
from tests.training.test_retraining import CREATED, a_row, told_of
from training import bundle, labels_command
from training.commands import training
from training.dataset import folder
from training.dataset.rows import Row
from training.label_errors import FILE, Doubt, find_doubts
from training.learning import Learnt

__all__ = ["newsroom"]

WRONG = {f"c-{number}" for number in (3, 17, 70, 101)}


def doubts_of(rows: Sequence[Row], learnt: Learnt, corpus: Path) -> list[Doubt]:
    return find_doubts(learnt.weights, rows, lambda _: None, corpus)


def test_wrong_labels_are_doubted_first(learnt: Learnt, small_corpus: Path) -> None:
    rows = [a_row(number, text, known) for number, (text, known) in enumerate(told_of())]
    flipped = [
        replace(row, known={Label.ABUSE: True} if not row.harmful else dict.fromkeys(LABELS, False))
        if row.id in WRONG
        else row
        for row in rows
    ]

    found = doubts_of(flipped, learnt, small_corpus)

    assert {doubt.id for doubt in found[: len(WRONG)]} == WRONG
    assert [doubt.rank for doubt in found] == list(range(1, len(found) + 1))
    assert len({doubt.id for doubt in found}) == len(found) < 12
    assert all(doubt.label is Label.ABUSE for doubt in found[: len(WRONG)])
    assert found[0].given is next(row.harmful for row in flipped if row.id == found[0].id)


def test_a_label_with_one_answer_only_is_not_doubted(learnt: Learnt, small_corpus: Path) -> None:
    rows = [a_row(number, text, known) for number, (text, known) in enumerate(told_of())]

    assert doubts_of([row for row in rows if not row.harmful], learnt, small_corpus) == []


@pytest.fixture
def base(learnt: Learnt, tmp_path: Path) -> Path:
    path = tmp_path / "models" / "test-1"
    bundle.save(path, learnt.weights, learnt.policy, {}, created=CREATED)
    return path


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(training, ["labels", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_people_are_asked_to_look_again(
    newsroom: Newsroom, database_url: str, base: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    record = newsroom.comment("dasar kepala dinas goblok sekali")
    newsroom.hear(record, Decision.APPROVE)
    doubt = Doubt(1, str(record.comment.id), Label.ABUSE, False, 0.02)
    monkeypatch.setattr(labels_command, "find_doubts", lambda *_: [doubt])
    adapted = base.parent / "own-1"
    scorer = load_version(base.parent, base.name)
    bundle.save(adapted, scorer.weights, scorer.policy, {"base": base.name}, created=CREATED)
    out = tmp_path / "set"
    folder.write(out, newsroom.dataset())

    status, told = run("--dataset", str(out), "--base", str(adapted), "--database", database_url)

    assert status == 0, told
    assert "1 of 1 rows are doubtful" in told
    assert "1 comments wait for a second look" in told
    (line,) = (out / FILE).read_text("utf-8").splitlines()
    assert json.loads(line) == {
        "rank": 1, "id": doubt.id, "label": "abuse", "given": False, "quality": 0.02,
    }  # fmt: skip
    with newsroom.database.reading() as tx:
        drawn = second_looks.find_next(tx, "tono", EVERYWHERE)
        assert drawn is not None
        assert (drawn.comment_pk, drawn.origin) == (record.comment.id, Origin.DOUBT)


def test_a_folder_without_a_dataset_is_named(base: Path, tmp_path: Path) -> None:
    status, told = run("--dataset", str(tmp_path), "--base", str(base))

    assert status == 1
    assert "holds no dataset" in told
