"""What people read into the texts of a public source, for promises its own labels cannot carry."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from moderation.domain.verdict import LABELS, Label

FOLDER = Path(__file__).parent / "annotations"
TAG = "read as"
"""The tag of an example that somebody read again; its value is one of the next two."""
HARMFUL, HARMLESS = "harmful", "harmless"
_MEASURED = frozenset({"desrul2019_news_comments"})
"""Sources whose published labels figures are compared with: no model learns others for them."""


def digest_text(text: str) -> str:
    """Return the name a text goes by in these files, which hold none."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@lru_cache
def read_annotations(source: str, folder: Path = FOLDER) -> Mapping[str, frozenset[Label]]:
    """Return the labels that hold for each text of a source that was read, by its digest."""
    path = folder / f"{source}.jsonl"
    if not path.exists():
        return {}
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return {row["digest"]: frozenset(map(Label, row["labels"])) for row in rows}


def labels_to_learn(source: str, text: str) -> dict[Label, bool]:
    """Return what people read into a text for models to learn from, or nothing."""
    labels = None if source in _MEASURED else read_annotations(source).get(digest_text(text))
    return {} if labels is None else {label: label in labels for label in LABELS}


def tags_for(source: str, text: str) -> dict[str, str]:
    """Return the tag for a text that was read again, or none."""
    labels = read_annotations(source).get(digest_text(text))
    if labels is None:
        return {}
    return {TAG: HARMFUL if labels else HARMLESS}
