"""Load a model only after its digests and library versions are checked against its manifest."""

import hashlib
import json
import platform
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from moderation.classifier.arrays import ForeignContentError, read_arrays
from moderation.classifier.kinds import KindWeights
from moderation.classifier.scorer import LinearScorer, Weights
from moderation.domain.drift import read_spread
from moderation.domain.policy import Policy
from moderation.domain.scorer import Origin, Scorer
from moderation.errors import ArtefactError

MODEL, POLICY, MANIFEST, POINTER = "model.joblib", "policy.json", "manifest.json", "champion.json"
KINDS = "kinds"
"""Under which name the model file holds the kind head; models before it have none."""
CHECKED_LIBRARIES = ("numpy", "scikit-learn", "joblib")


def load_champion(models_dir: Path) -> Scorer:
    """Load the version that ``champion.json`` names; raise ``ArtefactError`` saying what to do."""
    return load_version(models_dir, champion_version(models_dir))


def champion_version(models_dir: Path) -> str:
    """Return the version that ``champion.json`` names, whole or not."""
    pointer = read_document(models_dir / POINTER, 'name a trained version in it: {"version": …}')
    version = pointer.get("version")
    if not isinstance(version, str) or not is_version(version):
        raise ArtefactError(f"{models_dir / POINTER} names no version")
    return version


def is_version(name: str) -> bool:
    """Tell whether a name can be that of a folder beside ``champion.json``, and of no other."""
    return bool(name) and Path(name).name == name and not name.startswith(".")


def load_version(models_dir: Path, version: str) -> LinearScorer:
    """Load one version; nothing of the model file is read before its digest is known good."""
    folder = models_dir / version
    manifest = read_document(folder / MANIFEST, "train it again, or restore it")
    # Read once: what was checked is what is loaded, even if somebody replaces the file meanwhile.
    content = {name: _read_file(folder / name) for name in (MODEL, POLICY)}
    _check_digests(folder, manifest, content)
    _check_versions(folder, manifest)
    try:
        plain = read_arrays(content[MODEL])
        kinds = plain.pop(KINDS, None)
        weights = Weights(**plain)
        namer = None if kinds is None else KindWeights(**kinds)
        policy = Policy.from_json(json.loads(content[POLICY]))
        return LinearScorer(version, policy, weights, namer, _read_origin(manifest))
    except ForeignContentError as error:
        raise ArtefactError(
            f"{folder / MODEL} is not loaded: {error}. Somebody made it to run code; "
            "find out where the folder comes from, and remove it"
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise ArtefactError(f"{folder} was made for another release: {error}") from error


def library_versions() -> dict[str, str]:
    """Return the versions an artefact records and a loader compares."""
    versions = {name: installed(name) for name in CHECKED_LIBRARIES}
    return {"python": platform.python_version(), **versions}


def digest(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_document(path: Path, advice: str) -> dict[str, Any]:
    """Read a JSON object; raise ``ArtefactError`` with the advice if it is none."""
    try:
        document = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ArtefactError(f"{path} is missing; {advice}") from None
    except (OSError, ValueError) as error:
        raise ArtefactError(f"{path} cannot be read ({error}); {advice}") from error
    if not isinstance(document, dict):
        raise ArtefactError(f"{path} holds no object; {advice}")
    return document


def _read_origin(manifest: dict[str, Any]) -> Origin:
    created, spread = manifest.get("created"), manifest.get("spread")
    return Origin(
        None if created is None else datetime.fromisoformat(created).astimezone(UTC),
        None if spread is None else read_spread(spread),
    )


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ArtefactError(f"{path} is missing; restore it or train again") from None
    except OSError as error:
        raise ArtefactError(f"{path} cannot be read ({error}); restore it") from error


def _check_digests(folder: Path, manifest: dict[str, Any], content: dict[str, bytes]) -> None:
    digests = manifest.get("digests")
    for name, found in content.items():
        wanted = digests.get(name) if isinstance(digests, dict) else None
        if wanted != hashlib.sha256(found).hexdigest():
            raise ArtefactError(
                f"{folder / name} is not the file its manifest describes; it is not loaded. "
                "Restore both from one release, or train again"
            )


def _check_versions(folder: Path, manifest: dict[str, Any]) -> None:
    recorded = manifest.get("versions")
    recorded = recorded if isinstance(recorded, dict) else {}
    for name, present in library_versions().items():
        wanted = str(recorded.get(name, "none"))
        if wanted.split(".")[:2] != present.split(".")[:2]:
            raise ArtefactError(
                f"{folder.name} was trained with {name} {wanted}, here is {present}; "
                f"install {name} {wanted}, or train again"
            )
