"""Load a model only after its digests and library versions are checked against its manifest."""

import hashlib
import json
import platform
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

import joblib

from moderation.classifier.scorer import LinearScorer, Weights
from moderation.domain.policy import Policy
from moderation.domain.scorer import Scorer
from moderation.errors import ArtefactError

MODEL, POLICY, MANIFEST, POINTER = "model.joblib", "policy.json", "manifest.json", "champion.json"
CHECKED_LIBRARIES = ("numpy", "scikit-learn", "joblib")


def load_champion(models_dir: Path) -> Scorer:
    """Load the version that ``champion.json`` names; raise ``ArtefactError`` saying what to do."""
    pointer = _read_json(models_dir / POINTER, 'name a trained version in it: {"version": …}')
    version = pointer.get("version")
    if not isinstance(version, str) or Path(version).name != version:
        raise ArtefactError(f"{models_dir / POINTER} names no version")
    return load_version(models_dir, version)


def load_version(models_dir: Path, version: str) -> LinearScorer:
    """Load one version; nothing of the model file is run before its digest is known good."""
    folder = models_dir / version
    manifest = _read_json(folder / MANIFEST, "train it again, or restore it")
    _check_digests(folder, manifest)
    _check_versions(folder, manifest)
    try:
        weights = Weights(**joblib.load(folder / MODEL))
        policy = Policy.from_json(json.loads((folder / POLICY).read_text("utf-8")))
    except (KeyError, TypeError, ValueError) as error:
        raise ArtefactError(f"{folder} was made for another release: {error}") from error
    return LinearScorer(version, policy, weights)


def library_versions() -> dict[str, str]:
    """Return the versions an artefact records and a loader compares."""
    versions = {name: installed(name) for name in CHECKED_LIBRARIES}
    return {"python": platform.python_version(), **versions}


def digest(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_json(path: Path, advice: str) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ArtefactError(f"{path} is missing; {advice}") from None
    except (OSError, ValueError) as error:
        raise ArtefactError(f"{path} cannot be read ({error}); {advice}") from error
    if not isinstance(document, dict):
        raise ArtefactError(f"{path} holds no object; {advice}")
    return document


def _check_digests(folder: Path, manifest: dict[str, Any]) -> None:
    digests = manifest.get("digests", {})
    for name in (MODEL, POLICY):
        if not (folder / name).is_file():
            raise ArtefactError(f"{folder / name} is missing; restore it or train again")
        if digests.get(name) != digest(folder / name):
            raise ArtefactError(
                f"{folder / name} is not the file its manifest describes; it is not loaded. "
                "Restore both from one release, or train again"
            )


def _check_versions(folder: Path, manifest: dict[str, Any]) -> None:
    recorded = manifest.get("versions", {})
    for name, present in library_versions().items():
        wanted = str(recorded.get(name, "none"))
        if wanted.split(".")[:2] != present.split(".")[:2]:
            raise ArtefactError(
                f"{folder.name} was trained with {name} {wanted}, here is {present}; "
                f"install {name} {wanted}, or train again"
            )
