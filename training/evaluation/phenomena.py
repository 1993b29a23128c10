"""The corpus held out by phenomenon: how lines of a kind nobody trained on are treated."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from moderation.domain.verdict import LABELS
from training import corpus_reader
from training.examples import Example
from training.families import Families
from training.fitting import fit_heads
from training.folding import fold_of
from training.learning import Learnt
from training.near_copies import clusters
from training.streaming import Truth

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

FOLDS = 7
# One in so many rows of the public sources; the corpus is what this measures.
_SOURCES_SHARE = 4


def folds_of_phenomena(names: set[str]) -> Mapping[str, int]:
    """Deal phenomena out in the order of their names, so that a fold takes few of any label."""
    return {name: at % FOLDS for at, name in enumerate(sorted(names))}


def splits(rows: list[Example], own: int) -> Iterator[tuple[Places, Places]]:
    """Yield the rows to train on and the corpus lines whose phenomena they know nothing of.

    Disguised copies come after the ``own`` rows and are only trained on; near-copies of a line
    tested are not.
    """
    names = [row.tags.get("phenomenon", "") for row in rows]
    folds = folds_of_phenomena({name for name in names if name})
    fold = np.array([folds.get(name, -1) for name in names])
    public = np.array([_is_sampled(row) for row in rows])
    cluster = _near_copies(rows)
    for at in range(FOLDS):
        tested = fold == at
        near = np.isin(cluster, cluster[tested])
        seen = np.where(fold < 0, public, ~tested & ~near)
        yield np.flatnonzero(seen), np.flatnonzero(tested[:own])


def _is_sampled(row: Example) -> bool:
    return row.source != corpus_reader.SOURCE and fold_of(row.group, _SOURCES_SHARE) == 0


def _near_copies(rows: list[Example]) -> Places:
    """Number the corpus's near-copies; every other row is alone."""
    numbers = np.arange(len(rows))
    (corpus,) = np.array([row.source == corpus_reader.SOURCE for row in rows]).nonzero()
    numbers[corpus] = corpus[clusters([rows[at].passage.text for at in corpus.tolist()])]
    return numbers


def by_unseen_phenomenon(learnt: Learnt) -> dict[str, dict[str, Any]]:
    """Return for each phenomenon how many lines are treated rightly by heads that saw none."""
    material, levels = learnt.material, learnt.policy.bands
    families = Families.of(material.space)
    right: dict[str, list[bool]] = {}
    for seen, unseen in splits(material.rows, material.own):
        rows = [material.rows[at] for at in seen.tolist()]
        heads = fit_heads(material.table[seen], families, Truth.of(rows))
        stopped = np.zeros(unseen.size, bool)
        for label in LABELS:
            margins = heads[label].decision_function(material.table[unseen])
            stopped |= learnt.calibrations[label].scores(margins) >= levels[label].review
        for at, stop in zip(unseen.tolist(), stopped.tolist(), strict=True):
            row = material.rows[at]
            right.setdefault(row.tags["phenomenon"], []).append(stop == row.harmful)
    return {
        name: {"lines": len(values), "accuracy": round(float(np.mean(values)), 3)}
        for name, values in sorted(right.items())
    }
