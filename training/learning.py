"""From sources and corpus to the weights, the calibration and the policy of one model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from sklearn.svm import LinearSVC

from moderation.classifier.kinds import KindWeights
from moderation.classifier.scorer import Weights
from moderation.cluster import spreading
from moderation.domain.policy import Policy
from moderation.domain.verdict import LABELS, Label
from training import corpus_reader, fitting, pipeline
from training.augment import augmented
from training.calibration import Calibration, calibrate
from training.examples import Example, without_copies
from training.fitting import STRENGTH as STRENGTH
from training.folding import folds_of
from training.kinds import KindRows, learn_kinds
from training.near_copies import grouped
from training.pipeline import Matrix, Space
from training.policies import Promises, choose_policy
from training.sources import Recipe, sources_of
from training.streaming import Truth
from training.tables import tabulate

Floats = npt.NDArray[np.float64]
Log = Callable[[str], None]

FOLDS = 3
AT_LEAST = 3
"""How many texts an n-gram must stand in to be a feature."""
MOST_NGRAMS = 400_000
# Below this share of known words the scores mean nothing. Measured on single sentences: German,
# Finnish, Turkish, Spanish or Russian lie under it; of Javanese, Sundanese and Kaskus comments 98
# in 100 lie above.
KNOWN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Material:
    """What a model learns from, as features: the first ``own`` rows are no disguised copies.

    Kept for measuring, where it fits into memory.
    """

    rows: list[Example]
    own: int
    space: Space
    table: Matrix


@dataclass(frozen=True, slots=True)
class Learnt:
    """A trained model with what was found out about it on texts it had not seen."""

    weights: Weights
    policy: Policy
    promises: Promises
    examples: list[Example]
    margins: Floats
    calibrations: dict[Label, Calibration]
    kinds: KindWeights
    kept: Material | None

    @property
    def material(self) -> Material:
        """What it learnt from; raise ``ValueError`` where that was too much to keep."""
        if self.kept is None:
            raise ValueError("the features of so many rows were not kept for measuring")
        return self.kept


def gather(recipe: Recipe, data: Path, corpus: Path = corpus_reader.FOLDER) -> list[Example]:
    """Read every source of a recipe and the corpus, without copies, near-copies in one group.

    The corpus is grouped by topic: lines under one article, or about one thing, stay together.
    """
    rows = [
        row
        for source in sources_of(recipe)
        if source.path(data).exists()
        for row in without_copies(source.examples(data))
    ]
    rows += without_copies(corpus_reader.examples(corpus))
    return [
        replace(row, group=f"topic {row.tags['topic']}") if _is_corpus(row) else row
        for row in grouped(rows)
    ]


def learn(
    version: str,
    examples: Sequence[Example],
    log: Log = print,
    *,
    scheduler: str | None = None,
    scratch: Path | None = None,
) -> Learnt:
    """Fit, calibrate and set thresholds; deterministic for the same rows, on any machines.

    The features lie in ``scratch`` meanwhile; more than ``fitting.IN_MEMORY`` rows can be fitted
    on a cluster only where all its machines see that folder.
    """
    rows = [*examples, *augmented(examples)]
    folds = folds_of(rows, FOLDS)
    with TemporaryDirectory(dir=scratch) as folder, spreading(scheduler) as spread:
        table = tabulate(rows, folds, Path(folder), spread, at_least=AT_LEAST)
        space, texts = table.space, f"{len(examples)} texts, {len(rows)} with disguised ones"
        log(f"{texts}, {space.keys.size} n-grams")
        kinds = learn_kinds(KindRows.of(rows, space), space)
        whole = table.whole() if len(rows) <= fitting.IN_MEMORY else None
        material = None if whole is None else Material(rows, len(examples), space, whole)
        truth = Truth.of(rows)
        del rows
        fitted = fitting.fit(table, truth, folds, spread if scheduler else None, log, whole)
    margins, heads = fitted.margins[: len(examples)], fitted.heads
    kept = pipeline.most_telling(heads.values(), space, MOST_NGRAMS)
    calibrations, scores = calibrated(margins, examples)
    policy, promises = choose_policy(version, scores, examples)
    weights = fold_heads(space, kept, heads, calibrations)
    return Learnt(weights, policy, promises, list(examples), margins, calibrations, kinds, material)


def calibrated(
    margins: Floats, examples: Sequence[Example]
) -> tuple[dict[Label, Calibration], Floats]:
    """Calibrate on the rows that look like what a news site gets; return every row's scores too."""
    calibrations = {}
    weight = pipeline.trust(examples)
    reader = np.array([row.reader for row in examples])
    for column, label in enumerate(LABELS):
        known = np.array([label in row.known for row in examples]) & reader
        holds = pipeline.truth(examples, label)[known]
        calibrations[label] = calibrate(margins[known, column], holds, weight[known], label)
    scores = [calibrations[label].scores(margins[:, at]) for at, label in enumerate(LABELS)]
    return calibrations, np.stack(scores, axis=1)


def fold_heads(
    space: Space,
    kept: npt.NDArray[np.bool_],
    heads: dict[Label, LinearSVC],
    calibrations: dict[Label, Calibration],
) -> Weights:
    """Put all heads side by side in the form that serving adds up."""
    size = space.keys.size
    columns = np.stack([heads[label].coef_[0] for label in LABELS], axis=1).astype(np.float32)
    small = space.restricted(kept)
    return Weights(
        keys=small.keys,
        idf=small.idf,
        sparse=np.ascontiguousarray(columns[:size][kept]),
        dense=np.ascontiguousarray(columns[size:]),
        bias=np.array([heads[label].intercept_[0] for label in LABELS], np.float32),
        slope=np.array([calibrations[label].slope for label in LABELS], np.float32),
        offset=np.array([calibrations[label].offset for label in LABELS], np.float32),
        characters=small.characters,
        known_share=KNOWN_SHARE,
    )


def _is_corpus(row: Example) -> bool:
    return row.source == corpus_reader.SOURCE
