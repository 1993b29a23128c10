"""Draw what a card says in figures: calibration, precision and recall, what a promise costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve

from moderation.domain.verdict import LABELS, Label
from training import pipeline
from training.annotations import TAG
from training.calibration import at_natural_rate
from training.evaluation.behaviour import held_out_scores
from training.learning import Learnt
from training.policies import is_harmful, risk_of
from training.sources import NATURAL
from training.thresholds import upper_bound

Floats = npt.NDArray[np.float64]

RELIABILITY, PRECISION, QUEUE = "reliability.svg", "precision-recall.svg", "queue.svg"
_BINS = 10
_MOST_POINTS = 150
_LEVELS = 80
_FEWEST_APPROVED = 30

mpl.use("Agg")
# The same figures give the same bytes: fixed ids, and no date among the metadata.
_STYLE: Any = {
    "svg.hashsalt": "moderasi",
    "svg.fonttype": "none",
    "axes.grid": True,
    "grid.alpha": 0.3,
}


def draw(learnt: Learnt, folder: Path) -> None:
    """Write all plots into a model's folder."""
    scores = held_out_scores(learnt)
    with _figure(folder / RELIABILITY) as axes:
        _reliability(axes, learnt, scores)
    with _figure(folder / PRECISION) as axes:
        _precision(axes, learnt, scores)
    with _figure(folder / QUEUE) as axes:
        _queue(axes, learnt, scores)


@contextmanager
def _figure(path: Path) -> Iterator[Any]:
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(5.6, 4.2), layout="constrained")
        yield figure.add_subplot()
        figure.savefig(path, metadata={"Date": None, "Creator": None})


def _reliability(axes: Any, learnt: Learnt, scores: Floats) -> None:
    axes.plot((0, 1), (0, 1), color="grey", linewidth=1, linestyle=":")
    for column, label in enumerate(LABELS):
        predicted, observed = _calibration(learnt, label, scores[:, column])
        axes.plot(predicted, observed, marker="o", markersize=3, label=label.value)
    axes.set(
        xlabel="score",
        ylabel="share for which the label holds",
        title="Readers' comments held out, at natural rates",
    )
    axes.legend()


def _calibration(learnt: Learnt, label: Label, scores: Floats) -> tuple[list[float], list[float]]:
    """Return mean score and share of truth by bins of the score, weighted as in calibration."""
    rows = learnt.examples
    chosen = np.array([row.reader and label in row.known for row in rows])
    holds, score = pipeline.truth(rows, label)[chosen], scores[chosen]
    weight = at_natural_rate(holds, pipeline.trust(rows)[chosen], label)
    bins = np.minimum((score * _BINS).astype(np.int64), _BINS - 1)
    total = np.bincount(bins, weight, _BINS)
    filled = total > 0
    predicted = np.bincount(bins, weight * score, _BINS)[filled] / total[filled]
    observed = np.bincount(bins, weight * holds, _BINS)[filled] / total[filled]
    return predicted.tolist(), observed.tolist()


def _precision(axes: Any, learnt: Learnt, scores: Floats) -> None:
    news = np.array([row.source == NATURAL[-1] for row in learnt.examples])
    if news.any():
        holds = pipeline.truth(learnt.examples, Label.ABUSE)[news]
        column = LABELS.index(Label.ABUSE)
        precision, recall, _ = precision_recall_curve(holds, scores[news, column])
        some = np.unique(np.linspace(0, recall.size - 1, _MOST_POINTS).astype(np.int64))
        axes.step(recall[some], precision[some], where="post", label="abuse")
        axes.axhline(float(holds.mean()), color="grey", linewidth=1, linestyle=":")
    axes.set(
        xlabel="recall", ylabel="precision", ylim=(0, 1), title="News comments held out, abuse"
    )


def _queue(axes: Any, learnt: Learnt, scores: Floats) -> None:
    news = _news_to_judge(learnt)
    if news.any():
        harmful = np.array([is_harmful(row) for row in learnt.examples])[news]
        levels = np.array([learnt.policy.bands[label].review for label in LABELS])
        points = queue_against_guarantee(risk_of(scores[news], levels), harmful)
        axes.plot(*zip(*points, strict=True), label="news comments")
    axes.set(
        xlabel="harmful in 100 approved, at most (95% confidence)",
        ylabel="waiting for a person, per 1,000 comments",
        ylim=(0, 1000),
        title="What a stricter promise costs",
    )


def _news_to_judge(learnt: Learnt) -> npt.NDArray[np.bool_]:
    """Choose the news comments that people read again for every label, or all if none were."""
    news = np.array([row.source == NATURAL[-1] for row in learnt.examples])
    read = news & np.array([TAG in row.tags for row in learnt.examples])
    return read if read.any() else news


def queue_against_guarantee(
    risk: Floats, harmful: npt.NDArray[np.bool_]
) -> list[tuple[float, float]]:
    """Return, from strict to lax, the bound on harm approved and the comments that wait."""
    points = []
    for level in np.unique(np.quantile(risk, np.linspace(0, 1, _LEVELS))):
        approved = risk <= level
        count = int(approved.sum())
        if count >= _FEWEST_APPROVED:
            bound = upper_bound(int((approved & harmful).sum()), count)
            points.append((100 * bound, 1000 * (1 - count / risk.size)))
    return points
