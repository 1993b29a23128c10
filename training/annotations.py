"""What people read into the texts of a public source, for promises its own labels cannot carry."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from moderation.domain.verdict import Label

FOLDER = Path(__file__).parent / "annotations"
TAG = "read as"
"""The tag of an example that somebody read again; its value is one of the next two."""
HARMFUL, HARMLESS = "harmful", "harmless"


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


def tags_for(source: str, text: str) -> dict[str, str]:
    """Return the tag for a text that was read again, or none."""
    labels = read_annotations(source).get(digest_text(text))
    if labels is None:
        return {}
    return {TAG: HARMFUL if labels else HARMLESS}
