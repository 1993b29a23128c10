"""Nothing of a model file runs before it is known to be the file its manifest describes."""

import json
from pathlib import Path

import joblib
import numpy as np
import pytest

from moderation.classifier import artifact
from moderation.classifier.artifact import load_champion
from moderation.classifier.scorer import Weights
from moderation.errors import ArtefactError
from tests.classifier.conftest import rewrite_manifest


class Bomb:
    """A pickle that would leave a file behind if it were ever loaded."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.trace,)


def test_a_whole_champion_loads(models_dir: Path) -> None:
    assert load_champion(models_dir).version == "tiny"


def test_a_changed_byte_is_refused(models_dir: Path) -> None:
    path = models_dir / "tiny" / artifact.MODEL
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    with pytest.raises(ArtefactError, match="is not the file its manifest describes"):
        load_champion(models_dir)


def test_a_pickle_that_runs_code_is_refused_before_it_runs(
    models_dir: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "it-ran"
    joblib.dump(Bomb(trace), models_dir / "tiny" / artifact.MODEL)

    with pytest.raises(ArtefactError, match="it is not loaded"):
        load_champion(models_dir)

    assert not trace.exists()


def test_a_manifest_that_vouches_for_such_a_pickle_does_not_help_it(
    models_dir: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "it-ran"
    joblib.dump({"keys": Bomb(trace)}, models_dir / "tiny" / artifact.MODEL, compress=3)
    rewrite_manifest(models_dir / "tiny")

    with pytest.raises(ArtefactError, match=r"it asks for pathlib\..*touch"):
        load_champion(models_dir)

    assert not trace.exists()


def test_a_pickle_within_an_array_of_objects_is_refused_too(
    models_dir: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "it-ran"
    hidden = np.array([Bomb(trace)], dtype=object)
    joblib.dump({"keys": hidden}, models_dir / "tiny" / artifact.MODEL)
    rewrite_manifest(models_dir / "tiny")

    with pytest.raises(ArtefactError, match="made it to run code"):
        load_champion(models_dir)

    assert not trace.exists()


@pytest.mark.parametrize("compress", [0, 3])
@pytest.mark.parametrize("kept", [0, 100, 200])
def test_a_model_cut_short_is_refused_even_if_its_manifest_is_true(
    models_dir: Path, weights: Weights, kept: int, compress: int
) -> None:
    path = models_dir / "tiny" / artifact.MODEL
    joblib.dump(weights.to_plain(), path, compress=compress)
    path.write_bytes(path.read_bytes()[:kept])
    rewrite_manifest(models_dir / "tiny")

    with pytest.raises(ArtefactError, match="was made for another release"):
        load_champion(models_dir)


def test_a_changed_threshold_is_refused(models_dir: Path) -> None:
    path = models_dir / "tiny" / artifact.POLICY
    path.write_text(path.read_text("utf-8").replace("0.9", "0.1"), encoding="utf-8")

    with pytest.raises(ArtefactError, match="is not the file its manifest describes"):
        load_champion(models_dir)


@pytest.mark.parametrize("digests", [None, [], {}, {"model.joblib": 7}])
def test_a_manifest_without_digests_describes_no_file(models_dir: Path, digests: object) -> None:
    rewrite_manifest(models_dir / "tiny", digests=digests)

    with pytest.raises(ArtefactError, match="is not the file its manifest describes"):
        load_champion(models_dir)


@pytest.mark.parametrize("library", ["python", *artifact.CHECKED_LIBRARIES])
def test_every_library_must_be_recorded(models_dir: Path, library: str) -> None:
    versions = {**artifact.library_versions()}
    del versions[library]
    rewrite_manifest(models_dir / "tiny", versions=versions)

    with pytest.raises(ArtefactError, match=f"was trained with {library} none"):
        load_champion(models_dir)


def test_another_library_version_is_refused_with_what_to_do(models_dir: Path) -> None:
    versions = {**artifact.library_versions(), "scikit-learn": "0.24.2"}
    rewrite_manifest(models_dir / "tiny", versions=versions)

    with pytest.raises(ArtefactError, match=r"install scikit-learn 0\.24\.2, or train again"):
        load_champion(models_dir)


@pytest.mark.parametrize("name", [artifact.MODEL, artifact.POLICY, artifact.MANIFEST])
def test_a_missing_file_is_named(models_dir: Path, name: str) -> None:
    (models_dir / "tiny" / name).unlink()

    with pytest.raises(ArtefactError, match=name):
        load_champion(models_dir)


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"version": "../elsewhere"}', '{"version": ".."}', "{}"]
)
def test_a_broken_pointer_is_refused(models_dir: Path, content: str) -> None:
    (models_dir / artifact.POINTER).write_text(content, encoding="utf-8")

    with pytest.raises(ArtefactError, match=artifact.POINTER):
        load_champion(models_dir)


@pytest.mark.parametrize("name", ["keys", "idf", "sparse", "dense", "bias", "slope", "offset"])
def test_weights_that_do_not_fit_each_other_are_refused(
    models_dir: Path, weights: Weights, name: str
) -> None:
    plain = weights.to_plain()
    joblib.dump({**plain, name: plain[name][:-1]}, models_dir / "tiny" / artifact.MODEL)
    rewrite_manifest(models_dir / "tiny")

    with pytest.raises(ArtefactError, match="was made for another release"):
        load_champion(models_dir)


def test_weights_of_another_release_are_refused(models_dir: Path) -> None:
    joblib.dump({"coefficients": [1, 2]}, models_dir / "tiny" / artifact.MODEL)
    rewrite_manifest(models_dir / "tiny")

    with pytest.raises(ArtefactError, match="was made for another release"):
        load_champion(models_dir)


def test_the_bundled_champion_is_the_one_its_manifest_describes() -> None:
    root = Path(__file__).parents[2] / "models"
    version = json.loads((root / artifact.POINTER).read_text("utf-8"))["version"]

    assert load_champion(root).version == version
    assert (root / version / artifact.MODEL).stat().st_size < 16_000_000
