"""The steps of a cycle, each the function that a command of its own calls too."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from moderation.classifier.artifact import MANIFEST, champion_version, is_version, read_document
from moderation.domain.verdict import LABELS
from training import bundle
from training.dataset import folder as dataset_folder
from training.dataset.command import open_database
from training.dataset.making import Request, make
from training.durable import alone, replace_text
from training.evaluation.measures import average_precision, with_interval
from training.promotion import promoting
from training.promotion.comparing import Evidence, compare_versions
from training.promotion.frozen_sets import newsroom_set
from training.promotion.history import Entry
from training.promotion.reading import read
from training.promotion.switching import LOCK, load_whole
from training.promotion.table import as_table
from training.retraining import retrain

FEWEST_TO_LEARN, FEWEST_HELD = 100, 25
EVALUATION = "evaluation.json"
BY = "cycle"


def gather(url: str, out: Path, now: datetime) -> dict[str, Any]:
    """Make the dataset of everything said until now; return its manifest."""
    database = open_database(url)
    try:
        made = make(Request(database, (), now))
    finally:
        database.close()
    dataset_folder.write(out, made)
    return made.manifest


def missing(manifest: Mapping[str, Any], champion: Path) -> str:
    """Say what there is too little of to learn from, or nothing."""
    sides = manifest["rows"]["split"]
    if sides["train"] < FEWEST_TO_LEARN or sides["held"] < FEWEST_HELD:
        return (
            f"There are {sides['train']} comments to learn from and {sides['held']} held back; "
            f"{FEWEST_TO_LEARN} and {FEWEST_HELD} are needed. Wait for more decisions"
        )
    learnt = read_document(champion / MANIFEST, "restore it")
    if (learnt.get("dataset") or {}).get("fingerprint") == manifest["fingerprint"]:
        return "Nothing was decided since the champion was trained"
    return ""


def base_of(champion: Path) -> Path:
    """Return the version to adapt: the one an adapted champion came from, while it is there.

    The dataset holds all decisions, so nothing is learnt twice, and an erased comment leaves the
    model, too.
    """
    name = read_document(champion / MANIFEST, "restore it").get("base")
    if isinstance(name, str) and is_version(name) and (champion.parent / name / MANIFEST).exists():
        return champion.parent / name
    return champion


def train(dataset: Path, base: Path, out: Path, corpus: Path, now: datetime) -> None:
    """Adapt the champion to the dataset, beside the corpus, and write the challenger."""
    made = retrain(base, dataset_folder.load(dataset), out.name, print, corpus)
    bundle.save(out, made.weights, made.policy, made.origin, created=now, kinds=made.kinds)


def evaluate(challenger: Path, out: Path) -> dict[str, Any]:
    """Measure the challenger on the held-back slice; keep and return the figures."""
    held = newsroom_set(out / "dataset")
    outcomes = read(load_whole(challenger.parent, challenger.name), held.rows)
    figures = {}
    for column, label in enumerate(LABELS):
        known = np.array([label in row.known for row in held.rows], bool)
        holds = np.array([row.known.get(label, False) for row in held.rows], bool)[known]
        if holds.any():
            scores = outcomes.scores[known, column]
            figures[label.value] = with_interval(average_precision, holds, scores)
    document = {
        "rows": len(held.rows),
        "average_precision": figures,
        "approve": int(outcomes.approved.sum()),
        "reject": int(outcomes.rejected.sum()),
    }
    replace_text(out / EVALUATION, json.dumps(document, indent=1) + "\n")
    return document


def compare(challenger: Path, evidence: Evidence, now: datetime) -> dict[str, Any]:
    """Compare with the champion and print the table."""
    models = challenger.parent
    champion = champion_version(models)
    document = compare_versions(models, challenger.name, champion, evidence, now=now)
    print(as_table(document))
    return document


def promote(challenger: Path, evidence: Evidence, now: datetime) -> Entry:
    """Promote the challenger if it is nowhere worse."""
    asked = promoting.Request(challenger.name, BY, "retrained on what was decided")
    with alone(challenger.parent / LOCK, "a promotion"):
        return promoting.promote(challenger.parent, asked, evidence, now=now)
