"""Find labels that are probably wrong: what a model that never saw a row thinks of its labels.

Confident learning (Northcutt et al., 2021), by cleanlab, on what a champion adapted to the other
folds says of a row; near-copies are in one fold, so nobody judges what they have learnt.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from moderation.classifier.scorer import Weights
from moderation.domain.verdict import LABELS, Label
from training import corpus_reader, pipeline
from training.adapting import adapt, corpus_lines, margins_of
from training.dataset.rows import Row
from training.examples import Example
from training.folding import folds_of
from training.learning import FOLDS

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Log = Callable[[str], None]

FILE = "label_errors.jsonl"
FEWEST = 5
"""How many rows must carry either answer before a label can be doubted."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A label of a row that is probably wrong; ``quality`` is how well it fits, 0 to 1."""

    rank: int
    id: str
    label: Label
    given: bool
    quality: float

    def to_json(self) -> dict[str, Any]:
        """Return the form kept in ``label_errors.jsonl``: no text is needed, so none is there."""
        return asdict(self)


def find_doubts(
    base: Weights, rows: Sequence[Row], log: Log, corpus: Path = corpus_reader.FOLDER
) -> list[Doubt]:
    """Return the rows' doubtful labels, the most doubtful first, one a comment.

    ``base`` is a champion that has not learnt these rows.
    """
    own = [row.example() for row in rows]
    margins = _unseen_margins(base, own, corpus_lines(corpus), log)
    found: list[Doubt] = []
    for at, label in enumerate(tqdm(LABELS, "labels", disable=None)):
        found += _doubts(rows, own, label, margins[:, at])
    return _ranked(found)


def _unseen_margins(
    base: Weights, own: Sequence[Example], corpus: Sequence[Example], log: Log
) -> Floats:
    """Return each row's margins from a champion adapted to the folds it is not in."""
    folds = folds_of(own, FOLDS)
    margins = np.zeros((len(own), len(LABELS)))
    for fold in tqdm(range(FOLDS), "folds", disable=None):
        seen = [own[at] for at in np.flatnonzero(folds != fold).tolist()]
        (unseen,) = np.nonzero(folds == fold)
        weights, _ = adapt(base, seen, corpus, log)
        passages = [own[at].passage for at in unseen.tolist()]
        margins[unseen] = margins_of(weights, passages)
    return margins


def write(folder: Path, doubts: Iterable[Doubt]) -> None:
    """Write the doubts beside a dataset's rows."""
    lines = (json.dumps(doubt.to_json()) + "\n" for doubt in doubts)
    (folder / FILE).write_text("".join(lines), encoding="utf-8")


def _doubts(
    rows: Sequence[Row], own: Sequence[Example], label: Label, margins: Floats
) -> list[Doubt]:
    # Loading it takes seconds, and no other command needs it.
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    known = pipeline.known_rows(own, label)
    given = pipeline.truth(own, label)[known]
    if min(given.sum(), (~given).sum()) < FEWEST:
        return []
    scores = _probabilities(margins[known], given)
    answers, both = given.astype(np.int64), np.stack([1 - scores, scores], axis=1)
    doubted = find_label_issues(answers, both, n_jobs=1)
    # Adjusted to each answer's usual certainty: a rare label is not doubted for being rare.
    quality = get_label_quality_scores(answers, both, adjust_pred_probs=True)
    return [
        Doubt(0, rows[known[at]].id, label, bool(given[at]), round(float(quality[at]), 4))
        for at in np.flatnonzero(doubted).tolist()
    ]


def _probabilities(margins: Floats, given: Flags) -> Floats:
    """Turn margins into probabilities at the rates of the rows themselves."""
    curve = LogisticRegression(C=1e6).fit(margins[:, None], given)
    scores: Floats = curve.predict_proba(margins[:, None])[:, 1]
    return scores


def _ranked(found: Iterable[Doubt]) -> list[Doubt]:
    worst: dict[str, Doubt] = {}
    for doubt in sorted(found, key=lambda one: (one.quality, one.id, one.label)):
        worst.setdefault(doubt.id, doubt)
    return [
        Doubt(rank, one.id, one.label, one.given, one.quality)
        for rank, one in enumerate(worst.values(), 1)
    ]
