"""A champion learns a newsroom's own words and forgets nothing else."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from moderation.classifier.artifact import load_version
from moderation.classifier.features import extract
from moderation.classifier.scorer import LinearScorer
from moderation.domain.scorer import Passage
from moderation.domain.verdict import LABELS, Label
from tests.factories import MONDAY
from training import bundle, corpus_reader, correcting
from training.adapting import ENOUGH, adapt
from training.dataset.folder import Dataset, fingerprint
from training.dataset.rows import NEWSROOM, Row, Split
from training.dataset.statements import Voice
from training.learning import Learnt
from training.retraining import ADAPTED, apart_from, beside_sources, retrain

CREATED = datetime(2026, 11, 2, tzinfo=UTC)
# A harmless word that this newsroom's readers insult each other with.
SUBJECTS = (
    "pak kadis", "bupati", "kiper kita", "sopir bus itu", "wasit tadi", "penulis berita ini",
    "yang komentar", "tetangga saya", "menteri itu", "lurah kami", "dosen itu", "petugasnya",
)  # fmt: skip
ENDS = ("", " banget", " dari dulu", " kok masih dibela", " sekali, malu")
HARMLESS = (
    "harga {} naik lagi di pasar kami", "terima kasih {} sudah datang ke desa",
    "kapan jalan depan rumah {} diperbaiki", "semoga {} sehat selalu, amin",
    "{} sudah menjelaskan dengan baik",
)  # fmt: skip


def a_row(number: int, text: str, known: dict[Label, bool], split: Split = Split.TRAIN) -> Row:
    at = MONDAY + timedelta(minutes=number)
    return Row(
        f"c-{number}", Passage(text), known, Voice.MODERATOR, "kabar", at, at, "", f"g-{number}",
        1, split,
    )  # fmt: skip


def a_dataset(rows: list[Row]) -> Dataset:
    sides = {side.value: sum(row.split is side for row in rows) for side in Split}
    manifest = {
        "fingerprint": fingerprint(rows),
        "made_at": "2026-11-23T09:00:00+00:00",
        "span": {},
        "rows": {"total": len(rows), "split": sides},
    }
    return Dataset(rows, [], manifest)


def told_of() -> list[tuple[str, dict[Label, bool]]]:
    """Sixty insults, then sixty harmless comments, with what a moderator says of each."""
    insults = [f"{subject} pisang{end}" for subject in SUBJECTS for end in ENDS]
    praise = [frame.format(subject) for subject in SUBJECTS for frame in HARMLESS]
    told = [(text, {Label.ABUSE: True}) for text in insults]
    return told + [(text, dict.fromkeys(LABELS, False)) for text in praise]


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return a_dataset(
        [
            a_row(number, text, known, Split.HELD if number % 10 == 0 else Split.TRAIN)
            for number, (text, known) in enumerate(told_of())
        ]
    )


@pytest.fixture(scope="module")
def base(learnt: Learnt, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "test-1"
    bundle.save(
        folder, learnt.weights, learnt.policy, {"sources": [{"name": "s"}]}, created=CREATED
    )
    return folder


@pytest.fixture(scope="module")
def adapted(base: Path, dataset: Dataset, small_corpus: Path) -> Path:
    folder = base.parent / "own-1"
    made = retrain(base, dataset, folder.name, lambda _: None, small_corpus)
    bundle.save(folder, made.weights, made.policy, made.origin, created=CREATED)
    return folder


def load(folder: Path) -> LinearScorer:
    return load_version(folder.parent, folder.name)


def test_a_newsrooms_word_is_learnt(base: Path, adapted: Path) -> None:
    insult = Passage("presiden klub pisang banget")

    (before,) = load(base).read([insult])
    (after,) = load(adapted).read([insult])

    policy = load(adapted).policy
    assert before.scores[Label.ABUSE] < load(base).policy.bands[Label.ABUSE].review
    assert after.scores[Label.ABUSE] > policy.bands[Label.ABUSE].review


def test_what_the_champion_knew_is_still_known(
    base: Path, adapted: Path, small_corpus: Path
) -> None:
    lines = list(corpus_reader.examples(small_corpus))
    truth = np.array([row.known[Label.ABUSE] for row in lines])

    def quality(folder: Path) -> float:
        readings = load(folder).read([row.passage for row in lines])
        scores = [reading.scores[Label.ABUSE] for reading in readings]
        return float(average_precision_score(truth, scores))

    assert quality(adapted) > quality(base) - 0.01


def test_heads_without_evidence_stay_as_they_are_to_the_bit(base: Path, adapted: Path) -> None:
    before, after = load(base).weights, load(adapted).weights

    for at, label in enumerate(LABELS):
        same = np.array_equal(before.sparse[:, at], after.sparse[:, at])
        assert same is (label is not Label.ABUSE)
        assert bool(before.slope[at] == after.slope[at]) is same
    assert after.sparse.dtype == np.float32
    assert np.array_equal(before.keys, after.keys)


def test_the_folded_head_is_the_champion_and_the_fitted_correction(
    learnt: Learnt, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted: list[Any] = []
    fit_correction = correcting.fit_correction

    def watched(rows: Any, target: Any, weight: Any, margins: Any, strength: float) -> Any:
        delta, bias = fit_correction(rows, target, weight, margins, strength)
        fitted.append(margins + rows @ delta + bias)
        return delta, bias

    monkeypatch.setattr(correcting, "fit_correction", watched)
    rows = [*(row.example() for row in dataset.rows), *learnt.examples[:300]]
    own = len(dataset.rows)

    weights, _ = adapt(learnt.weights, rows[:own], rows[own:], lambda _: None)

    scorer = LinearScorer("own", learnt.policy, weights)
    margins, _ = scorer.margins(extract([row.passage for row in rows]))
    (expected,) = fitted
    at = LABELS.index(Label.ABUSE)
    found = margins[:, at] * learnt.weights.slope[at]
    assert np.abs(found - expected).max() < 1e-4 * np.abs(expected).max()


def test_little_evidence_changes_nothing(learnt: Learnt, dataset: Dataset) -> None:
    insults = [row.example() for row in dataset.rows if row.harmful][: ENOUGH - 1]
    harmless = [row.example() for row in dataset.rows if not row.harmful]

    weights, changes = adapt(
        learnt.weights, [*insults, *harmless], learnt.examples[:300], lambda _: None
    )

    assert not any(change.adapted for change in changes.values())
    assert np.array_equal(weights.sparse, learnt.weights.sparse)
    assert np.array_equal(weights.offset, learnt.weights.offset)


def test_the_manifest_names_dataset_and_base(adapted: Path, dataset: Dataset) -> None:
    manifest = json.loads((adapted / "manifest.json").read_text("utf-8"))

    assert manifest["recipe"] == ADAPTED
    assert manifest["base"] == "test-1"
    assert manifest["dataset"]["fingerprint"] == dataset.fingerprint
    assert manifest["sources"] == [{"name": "s"}]
    assert manifest["heads"]["abuse"]["adapted"] is True
    assert manifest["promises"]["held"] == 12


def test_adapting_again_gives_the_same_model(
    base: Path, adapted: Path, dataset: Dataset, small_corpus: Path
) -> None:
    again = retrain(base, dataset, "own-1", lambda _: None, small_corpus)

    assert np.array_equal(again.weights.sparse, load(adapted).weights.sparse)
    assert again.policy == load(adapted).policy


def test_nothing_trained_on_is_nearly_a_copy_of_a_held_row(learnt: Learnt) -> None:
    text = learnt.examples[0].passage.text
    held = [a_row(1, f"{text} ya", {Label.SPAM: True}, Split.HELD)]

    left = apart_from(held, learnt.examples)

    assert text not in {row.passage.text for row in left}
    assert len(left) >= len(learnt.examples) - 3
    assert apart_from([], learnt.examples) == learnt.examples


def test_beside_the_sources_a_dataset_is_one_more(learnt: Learnt, dataset: Dataset) -> None:
    rows = beside_sources(learnt.examples, dataset)

    own = [row for row in rows if row.source == NEWSROOM]
    assert len(own) == len(dataset.split(Split.TRAIN))
    assert {row.trust for row in own} == {2.0}
    groups = {row.passage.text: row.group for row in learnt.examples}
    assert all(row.group == groups[row.passage.text] for row in rows if row not in own)
