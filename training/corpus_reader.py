"""Read the comments written for this project."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from moderation.domain.scorer import Article, Passage
from moderation.domain.verdict import LABELS
from training.examples import Example, folded

FOLDER = Path(__file__).parent / "corpus"
SOURCE = "corpus"
# Each line was written to be exact about all five labels, in the domain itself.
_TRUST = 3.0


def rows(folder: Path = FOLDER) -> Iterator[dict[str, Any]]:
    """Yield every line of every file, in the order of their names."""
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    yield json.loads(line)


def passage_of(row: Mapping[str, Any]) -> Passage:
    """Return a line's comment with what it stands under and answers to."""
    article = Article(**row["article"]) if "article" in row else None
    parent = row["parent"]["text"] if "parent" in row else None
    return Passage(row["text"], article, parent)


def examples(folder: Path = FOLDER) -> Iterator[Example]:
    """Yield the corpus as training rows, which know all five labels."""
    for row in rows(folder):
        tags = {key: row[key] for key in ("phenomenon", "register", "language", "topic")}
        if row["kind"]:
            tags["kind"] = row["kind"]
        known = {label: label.value in row["labels"] for label in LABELS}
        yield Example(passage_of(row), known, SOURCE, folded(row["text"]), _TRUST, tags)
