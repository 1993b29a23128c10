"""Write a trained model as the artefact that serving loads."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import joblib

from moderation.classifier.artifact import (
    KINDS,
    MANIFEST,
    MODEL,
    POINTER,
    POLICY,
    digest,
    library_versions,
)
from moderation.classifier.kinds import KindWeights
from moderation.classifier.scorer import Weights
from moderation.domain.policy import Policy
from training.durable import replace_text


def save(
    folder: Path,
    weights: Weights,
    policy: Policy,
    origin: Mapping[str, Any],
    *,
    created: datetime,
    kinds: KindWeights | None = None,
) -> None:
    """Write model, policy and manifest; ``origin`` is what the manifest says of the sources.

    A version is written once: one that is there may be serving. The manifest comes last, so that
    a folder whose writing was cut short is refused.
    """
    if (folder / MANIFEST).exists():
        raise FileExistsError(f"{folder} holds a version already; choose another name")
    folder.mkdir(parents=True, exist_ok=True)
    named = {} if kinds is None else {KINDS: kinds.to_plain()}
    joblib.dump({**weights.to_plain(), **named}, folder / MODEL, compress=3)
    _write(folder / POLICY, policy.to_json())
    manifest = {
        "version": folder.name,
        "created": created.astimezone(UTC).isoformat(timespec="seconds"),
        **origin,
        "versions": library_versions(),
        "digests": {name: digest(folder / name) for name in (MODEL, POLICY)},
    }
    _write(folder / MANIFEST, manifest)


def point_at(models_dir: Path, version: str) -> None:
    """Make one version the champion."""
    _write(models_dir / POINTER, {"version": version})


def _write(path: Path, document: Mapping[str, Any]) -> None:
    """Write a file as a whole: a service that follows the pointer never reads half of it."""
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    replace_text(path, text + "\n")
