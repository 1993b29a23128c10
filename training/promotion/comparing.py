"""Compare two versions on every frozen set, and keep the answer beside the challenger."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from moderation.classifier.artifact import MANIFEST, digest, load_version, read_document
from training import corpus_reader
from training.dataset.rows import NEWSROOM
from training.durable import replace_text
from training.promotion.comparison import compare
from training.promotion.frozen_sets import (
    CORPUS,
    FrozenSet,
    corpus_set,
    newsroom_set,
    public_sets,
)
from training.promotion.history import as_time

COMPARISON = "comparison.json"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the frozen sets lie: the corpus always, the others where they are named."""

    corpus: Path = corpus_reader.FOLDER
    dataset: Path | None = None
    public: Path | None = None

    def sets(self) -> list[FrozenSet]:
        """Read every set."""
        found = [corpus_set(self.corpus)]
        found += [newsroom_set(self.dataset)] if self.dataset else []
        return found + (public_sets(self.public) if self.public else [])

    def fingerprints(self) -> dict[str, str]:
        """Return what changes when a file does, without reading a row."""
        found = {CORPUS: _of_files(self.corpus)}
        if self.dataset:
            manifest = read_document(self.dataset / MANIFEST, "make the dataset again")
            found[NEWSROOM] = str(manifest.get("fingerprint"))
        return {**found, "public": _of_files(self.public)} if self.public else found


def compare_versions(
    models: Path, challenger: str, champion: str, evidence: Evidence, *, now: datetime
) -> dict[str, Any]:
    """Compare, write ``comparison.json`` beside the challenger, and return it."""
    ours, theirs = load_version(models, champion), load_version(models, challenger)
    manifests = {
        "champion": _manifest(models, champion),
        "challenger": _manifest(models, challenger),
    }
    sets = {
        frozen.name: {
            **compare(ours, theirs, frozen),
            "in_training": {name: seen(manifest, frozen) for name, manifest in manifests.items()},
        }
        for frozen in evidence.sets()
    }
    document = {
        "challenger": _identity(manifests["challenger"], challenger),
        "champion": _identity(manifests["champion"], champion),
        "compared": as_time(now),
        "evidence": evidence.fingerprints(),
        "worse": [told["sentence"] for found in sets.values() for told in found["worse"]],
        "sets": sets,
    }
    text = json.dumps(document, ensure_ascii=False, indent=1)
    replace_text(models / challenger / COMPARISON, text + "\n")
    return document


def stored(
    models: Path, challenger: str, champion: str, evidence: Evidence
) -> dict[str, Any] | None:
    """Return the comparison beside the challenger if it is of these very files, else ``None``."""
    try:
        document: dict[str, Any] = json.loads((models / challenger / COMPARISON).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    wanted = {
        "challenger": _identity(_manifest(models, challenger), challenger),
        "champion": _identity(_manifest(models, champion), champion),
    }
    same = all(document.get(name) == identity for name, identity in wanted.items())
    found = document.get("evidence", {})
    return document if same and evidence.fingerprints().items() <= found.items() else None


def seen(manifest: Mapping[str, Any], frozen: FrozenSet) -> str:
    """Tell in a word whether a model was trained on a set's rows, as far as its manifest says."""
    if frozen.name == CORPUS:
        return "yes" if manifest.get("corpus", {}).get("lines") else "unknown"
    if frozen.since is None:
        names = [source["name"] for source in manifest.get("sources", ())]
        return "yes" if frozen.name in names else "no"
    created = manifest.get("created")
    older = created is not None and datetime.fromisoformat(created) < frozen.since
    return "no" if older or manifest.get("dataset") else "unknown"


def in_short(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures of whole sets, champion's beside challenger's, for the history."""
    return {
        name: {
            "queue": [found["queue_at_the_same_guarantee"][who] for who in _BOTH],
            **{
                line["label"]: {
                    measure: [figure[who] for who in _BOTH]
                    for measure, figure in line["figures"].items()
                }
                for line in found["lines"]
                if line["by"] == "all"
            },
        }
        for name, found in document["sets"].items()
    }


_BOTH = ("champion", "challenger")


def _manifest(models: Path, version: str) -> dict[str, Any]:
    return read_document(models / version / MANIFEST, "train it again, or restore it")


def _identity(manifest: Mapping[str, Any], version: str) -> dict[str, Any]:
    return {"version": version, "digests": manifest.get("digests")}


def _of_files(folder: Path) -> str:
    files: Sequence[Path] = sorted(path for path in folder.glob("*.jsonl") if path.is_file())
    listed = [f"{path.name} {digest(path)}" for path in files]
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()
