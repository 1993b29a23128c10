"""Train with a newsroom's dataset: adapt a champion, or put the dataset beside the sources."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from moderation.classifier.artifact import MANIFEST, load_version
from moderation.classifier.scorer import LinearScorer, Weights
from moderation.domain.policy import Policy
from training import corpus_reader
from training.adapting import adapt, corpus_lines
from training.augment import augmented
from training.dataset.folder import Dataset
from training.dataset.rows import Row, Split
from training.examples import Example
from training.near_copies import clusters, grouped
from training.own_policy import own_policy

Log = Callable[[str], None]

ADAPTED = "adapted"
"""What the manifest of an adapted model has for a recipe."""


@dataclass(frozen=True, slots=True)
class Retrained:
    """An adapted model, and what its manifest says of where it comes from."""

    weights: Weights
    policy: Policy
    origin: dict[str, Any]


def retrain(
    base: Path, dataset: Dataset, version: str, log: Log, corpus: Path = corpus_reader.FOLDER
) -> Retrained:
    """Adapt a trained version to a dataset's training rows; its held rows set the thresholds.

    Raises:
        ArtefactError: the base cannot be loaded.
    """
    champion = load_version(base.parent, base.name)
    before = json.loads((base / MANIFEST).read_text("utf-8"))
    if "base" in before:
        log(f"{base.name} is adapted itself; with --base {before['base']} nothing is learnt twice")
    train, held = dataset.split(Split.TRAIN), dataset.split(Split.HELD)
    own = [row.example() for row in train]
    lines = apart_from(held, corpus_lines(corpus))
    weights, changes = adapt(
        champion.weights,
        [*own, *augmented(own)],
        lines,
        log,
    )
    scorer = LinearScorer(version, champion.policy, weights)
    policy, promises = own_policy(
        version,
        scorer,
        champion,
        held,
        adapted=[label for label, change in changes.items() if change.adapted],
    )
    origin = {
        "recipe": ADAPTED,
        "base": base.name,
        "dataset": origin_of(dataset),
        "sources": before.get("sources", []),
        "corpus": {"lines": len(lines), "licence": "CC0-1.0"},
        "heads": {label.value: change.to_json() for label, change in changes.items()},
        "promises": promises.to_json(),
    }
    return Retrained(weights, policy, origin)


def beside_sources(gathered: Sequence[Example], dataset: Dataset) -> list[Example]:
    """Return the rows of a recipe with a dataset's training rows as one more source."""
    own = [row.example() for row in dataset.split(Split.TRAIN)]
    others = apart_from(dataset.split(Split.HELD), gathered)
    fixed = {row.group for row in others if row.source == corpus_reader.SOURCE}
    rows = grouped([*others, *own])
    # The corpus keeps its groups, one a topic.
    return [
        replace(row, group=before.group) if before.group in fixed else row
        for row, before in zip(rows, [*others, *own], strict=True)
    ]


def apart_from(held: Sequence[Row], examples: Sequence[Example]) -> list[Example]:
    """Leave out what is nearly a copy of a held row: no training may see it."""
    if not held:
        return list(examples)
    texts = [*(row.passage.text for row in held), *(row.passage.text for row in examples)]
    heads = clusters(texts).tolist()
    taken = set(heads[: len(held)])
    return [
        row for row, head in zip(examples, heads[len(held) :], strict=True) if head not in taken
    ]


def origin_of(dataset: Dataset) -> dict[str, Any]:
    """Return what a model's manifest keeps of a dataset: enough to find it, no text."""
    manifest = dataset.manifest
    return {
        "fingerprint": dataset.fingerprint,
        "made_at": manifest["made_at"],
        "span": manifest["span"],
        "rows": manifest["rows"]["total"],
        "split": manifest["rows"]["split"],
    }
