import json
from pathlib import Path

import joblib
import numpy as np
import pytest

from moderation.classifier import artifact
from moderation.classifier.scorer import Weights
from moderation.classifier.succession import Succession
from moderation.domain.policy import Policy
from moderation.domain.scorer import Scorer
from tests.classifier.conftest import rewrite_manifest


def add_version(models_dir: Path, version: str, weights: Weights, policy: Policy) -> None:
    folder = models_dir / version
    folder.mkdir()
    joblib.dump(weights.to_plain(), folder / artifact.MODEL)
    (folder / artifact.POLICY).write_text(json.dumps(policy.to_json()), encoding="utf-8")
    rewrite_manifest(folder)


def point_at(models_dir: Path, version: str) -> None:
    draft = models_dir / "draft"
    draft.write_text(json.dumps({"version": version}), encoding="utf-8")
    draft.replace(models_dir / artifact.POINTER)


@pytest.fixture
def crowned() -> list[Scorer]:
    return []


@pytest.fixture
def succession(models_dir: Path, crowned: list[Scorer]) -> Succession:
    return Succession(models_dir, "tiny", crowned.append)


def test_the_champion_that_serves_is_not_loaded_again(
    succession: Succession, crowned: list[Scorer]
) -> None:
    succession.look()
    succession.look()

    assert crowned == []


def test_promotion_and_rollback_hand_over_scorer_and_policy_together(
    succession: Succession,
    crowned: list[Scorer],
    models_dir: Path,
    weights: Weights,
    policy: Policy,
) -> None:
    add_version(models_dir, "next", weights, Policy("next", policy.bands))
    succession.look()

    point_at(models_dir, "next")
    succession.look()
    succession.look()
    point_at(models_dir, "tiny")
    succession.look()

    assert [(one.version, one.policy.version) for one in crowned] == [
        ("next", "next"),
        ("tiny", "tiny"),
    ]


@pytest.mark.parametrize("fault", ["changed byte", "no folder", "no pointer", "cut off"])
def test_a_broken_champion_is_refused_once_and_a_sound_one_taken_after_it(
    fault: str,
    succession: Succession,
    crowned: list[Scorer],
    models_dir: Path,
    weights: Weights,
    policy: Policy,
    caplog: pytest.LogCaptureFixture,
) -> None:
    add_version(models_dir, "next", weights, policy)
    add_version(models_dir, "sound", weights, policy)
    if fault == "changed byte":
        (models_dir / "next" / artifact.MODEL).write_bytes(b"nothing")
    point_at(models_dir, "gone" if fault == "no folder" else "next")
    if fault == "no pointer":
        (models_dir / artifact.POINTER).unlink()
    if fault == "cut off":
        (models_dir / artifact.POINTER).write_text('{"version":', encoding="utf-8")
    # Without a pointer there is nothing that differs from the first look.
    if fault == "no pointer":
        point_at(models_dir, "tiny")
        succession.look()
        (models_dir / artifact.POINTER).unlink()

    succession.look()
    succession.look()

    assert crowned == []
    refusals = [r for r in caplog.records if "new champion refused, tiny serves on" in r.message]
    assert len(refusals) == 1
    point_at(models_dir, "sound")
    succession.look()
    assert [one.version for one in crowned] == ["sound"]


def test_a_champion_whose_scores_are_no_numbers_is_refused(
    succession: Succession,
    crowned: list[Scorer],
    models_dir: Path,
    weights: Weights,
    policy: Policy,
) -> None:
    weights.offset[0] = np.nan
    add_version(models_dir, "next", weights, policy)
    point_at(models_dir, "next")

    succession.look()

    assert crowned == []
