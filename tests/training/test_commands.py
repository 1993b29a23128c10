"""``python -m training train`` and ``evaluate``, from files to a card."""

import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from moderation.classifier.artifact import load_champion, load_version
from training import commands, corpus_reader
from training.dataset.folder import load
from training.evaluation import comparison, context, measures, plots
from training.learning import gather
from training.retraining import retrain
from training.sources import SOURCES, Recipe, sources_of

# Lines of the project's corpus stand in for the public sources, which are not ours to copy.
ROWS = [row for at, row in enumerate(corpus_reader.rows()) if at % 9 == 1]
TITLES = ("Jalan rusak", "Harga beras", "Final liga", "Sidang korupsi", "Banjir kota")


def _source_row(number: int, row: dict[str, Any]) -> dict[str, Any]:
    labels = row["labels"]
    return {
        "text": f"{row['text']} {'naga' + str(number % 9) * 2 if 'spam' in labels else ''}".strip(),
        "spam": int("spam" in labels),
        "abuse": int("abuse" in labels),
        "hate": int("hate" in labels),
        "split": None,
        "labels": {
            "title": TITLES[number % len(TITLES)],
            "HS": int("hate" in labels),
            "HS_Religion": int("hate" in labels),
            "HS_Race": 0,
            "HS_Gender": 0,
            "HS_Physical": 0,
            "HS_Strong": int("threat" in labels),
            "sara": int("hate" in labels),
            "pornografi": int("sexual" in labels),
            "indobertweet_test_fold": number % 5,
        },
    }


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    names = [source.name for source in SOURCES] + ["argananda2025_trending_unlabelled"]
    for offset, name in enumerate(names):
        rows = ROWS[offset % 5 :: 5]
        _write(folder / f"{name}.jsonl", (_source_row(at, row) for at, row in enumerate(rows)))
    return folder


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, small_corpus: Path) -> None:
    monkeypatch.setattr(measures, "_RESAMPLES", 5)
    monkeypatch.setattr(context, "_RESAMPLES", 5)
    monkeypatch.setattr(comparison, "JOBS", 1)
    monkeypatch.setattr(commands, "gather", lambda recipe, data: gather(recipe, data, small_corpus))


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(commands.training, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_a_trained_model_is_the_champion_and_has_a_card(data: Path, tmp_path: Path) -> None:
    version = tmp_path / "models" / "2026.11-test"

    trained = run("train", "--data", str(data), "--out", str(version), "--champion")
    measured = run("evaluate", "--data", str(data), "--model", str(version))

    assert (trained[0], measured[0]) == (0, 0)
    assert load_champion(version.parent).version == "2026.11-test"
    manifest = json.loads((version / "manifest.json").read_text("utf-8"))
    assert [source["name"] for source in manifest["sources"]] == [
        source.name for source in sources_of(Recipe.OPEN)
    ]
    report = json.loads((version / "report.json").read_text("utf-8"))
    assert {"reference_hs", "news", "gambling", "natural", "phenomenon", "bias"} <= set(report)
    assert set(report["phenomenon_unseen"]) == set(report["phenomenon"])
    assert {"learning", "news comments"} <= set(report["seconds"])
    card = (version / "card.md").read_text("utf-8")
    assert all(source["licence"] in card for source in manifest["sources"])
    assert "| moderasi |" in card
    assert "| fastText |" in card
    for name in (plots.RELIABILITY, plots.PRECISION, plots.QUEUE):
        assert name in card
        assert (version / name).stat().st_size < 60_000


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    lines = [{"text": row["text"], "labels": row["labels"]} for row in ROWS[:200]]
    _write(tmp_path / "own.jsonl", lines)
    status, told = run(
        "dataset", "--file", str(tmp_path / "own.jsonl"), "--out", str(tmp_path / "set")
    )
    assert status == 0, told
    return tmp_path / "set"


def test_a_dataset_adapts_a_base_or_stands_beside_the_sources(
    data: Path, dataset: Path, tmp_path: Path, small_corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "retrain", partial(retrain, corpus=small_corpus))
    base, own = tmp_path / "models" / "2026.11-a", tmp_path / "models" / "2026.11-b"
    fingerprint = load(dataset).fingerprint

    full = run("train", "--data", str(data), "--dataset", str(dataset), "--out", str(base))
    adapted = run("train", "--dataset", str(dataset), "--base", str(base), "--out", str(own))
    measured = run("evaluate", "--data", str(data), "--model", str(own))

    assert (full[0], adapted[0], measured[0]) == (0, 0, 1), (full, adapted)
    for folder in (base, own):
        assert load_version(folder.parent, folder.name).version == folder.name
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        assert manifest["dataset"]["fingerprint"] == fingerprint
    assert manifest["base"] == "2026.11-a"
    assert "learnt a newsroom's dataset" in measured[1]


def test_training_says_what_it_wants(dataset: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "models" / "x")

    assert "give --data, or --dataset with --base" in run("train", "--out", out)[1]
    assert (
        "give --data, or --dataset with --base"
        in run("train", "--out", out, "--dataset", str(dataset))[1]
    )
    assert (
        "--out is the version that --base names"
        in run("train", "--out", out, "--dataset", str(dataset), "--base", out)[1]
    )
    assert (
        "manifest.json is missing"
        in run("train", "--out", out, "--dataset", str(dataset), "--base", str(tmp_path / "none"))[
            1
        ]
    )
    assert (
        "holds no dataset"
        in run("train", "--out", out, "--dataset", str(tmp_path), "--base", str(tmp_path / "none"))[
            1
        ]
    )


def test_a_missing_source_is_named(data: Path, tmp_path: Path) -> None:
    status, output = run("train", "--data", str(tmp_path), "--out", str(tmp_path / "x"))

    assert status == 1
    assert "lacks gbennnn2026_judol_youtube.jsonl" in output


def test_an_unknown_recipe_is_refused(data: Path, tmp_path: Path) -> None:
    status, output = run(
        "train", "--recipe", "all", "--data", str(data), "--out", str(tmp_path / "x")
    )

    assert status == 2
    assert "'open', 'research'" in output
