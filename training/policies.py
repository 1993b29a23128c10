"""Set a model's policy from scores of texts it had not seen, and say what it promises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from moderation.domain.policy import Band, Policy
from moderation.domain.verdict import LABELS, Label
from training import corpus_reader
from training.annotations import HARMFUL, TAG
from training.examples import Example
from training.sources import NATURAL
from training.thresholds import Cut, approving, cut, rejecting

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_SWEEPS = 4
# What a harmless comment from everyday traffic is worth beside one of another kind: they are most
# of what a queue would hold. Measured: under trending videos 10.7% are stopped instead of 12.6%, at
# .001 of the corpus's phenomena treated rightly.
_EVERYDAY = 5.0
# A rejection is for clear cases, whatever else could be promised at the rates of the evidence:
# under music videos, with 2 spam comments in 1,000, a cut at 0.9 was wrong in 9 of 24 rejections,
# one at 0.95 in 1 of 13. The higher one leaves a tenth more of the gambling spam to people.
CLEAR = 0.95
_GRID = np.linspace(0.5, 0.998, 120)


@dataclass(frozen=True, slots=True)
class Promises:
    """What the policy keeps on held-out text, by an exact binomial bound with 95% confidence.

    ``approved`` judges the policy's own review thresholds on ``natural`` news comments, by what
    people read into them if ``read_again``, else by the source's own label; ``guarded`` is the
    furthest anyone could go there with at most 1 harmful in 100 approved, ``None`` if nowhere.
    ``rejected`` has one entry a label; a label without a promise is never rejected by machine.
    """

    approved: Cut
    guarded: Cut | None
    rejected: Mapping[Label, Cut | None]
    natural: int
    read_again: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the form kept in ``report.json``."""
        return {
            "approved": self.approved.to_json(),
            "guarded": self.guarded and self.guarded.to_json(),
            "rejected": {label: kept and kept.to_json() for label, kept in self.rejected.items()},
            "natural_rate_comments": self.natural,
            "read_again": self.read_again,
        }


def choose_policy(
    version: str, scores: Floats, examples: Sequence[Example]
) -> tuple[Policy, Promises]:
    """Choose both thresholds of every label from held-out scores, one column a label."""
    judged = np.where(_known(examples), scores, 0.0)
    harm = np.array([row.harmful for row in examples])
    everyday = np.array([row.source in NATURAL for row in examples]) & ~harm
    # Whatever else may be said of these, a queue that holds them all helps nobody.
    seen = np.where(everyday[:, None], scores, judged)
    levels = balanced_levels(seen, harm, _kinds(examples), np.where(everyday, _EVERYDAY, 1.0))
    cuts = {
        label: _rejecting(judged[:, at], harm, examples, label, levels[at])
        for at, label in enumerate(LABELS)
    }
    bands = {
        label: Band(float(levels[at]), kept.threshold if (kept := cuts[label]) else None)
        for at, label in enumerate(LABELS)
    }
    promises = _promise(scores, judged, levels, examples, cuts)
    return Policy(version, bands), promises


def _promise(
    scores: Floats,
    judged: Floats,
    levels: Floats,
    examples: Sequence[Example],
    cuts: Mapping[Label, Cut | None],
) -> Promises:
    """Judge approval on news comments: on those people read again for every label, if any were."""
    news = [at for at, row in enumerate(examples) if row.source == NATURAL[-1]]
    read = [at for at in news if TAG in examples[at].tags]
    risk = risk_of(scores[read] if read else judged[news], levels)
    wrong = np.array([is_harmful(examples[at]) for at in read or news], np.bool_)
    return Promises(
        approved=cut(0.0, risk < 0, wrong),
        guarded=approving(risk, wrong),
        rejected=cuts,
        natural=len(read or news),
        read_again=bool(read),
    )


def is_harmful(row: Example) -> bool:
    """Tell whether a row is harmful, by what people read into it if they did."""
    return row.tags[TAG] == HARMFUL if TAG in row.tags else row.harmful


def balanced_levels(
    scores: Floats, harm: Flags, kinds: npt.NDArray[np.int64], worth: Floats | float = 1.0
) -> Floats:
    """Choose review thresholds that serve every kind of comment alike, or by its ``worth``.

    A comment is stopped when any column reaches its threshold. Coordinate ascent on the mean,
    over ``kinds``, of the share treated rightly: no kind is bought with another's numbers.
    """
    weight = worth / np.bincount(kinds)[kinds]
    weight /= weight.sum()
    grids = [np.quantile(column[column > 0], _GRID) for column in scores.T]
    levels = np.array([grid[84] for grid in grids])
    for _ in range(_SWEEPS):
        for label, grid in enumerate(grids):
            others = np.delete(np.arange(levels.size), label)
            stopped = (scores[:, others] >= levels[others]).any(axis=1)
            right = [
                float(weight[(stopped | (scores[:, label] >= level)) == harm].sum())
                for level in grid
            ]
            levels[label] = grid[int(np.argmax(right))]
    return levels


def _rejecting(
    scores: Floats, harm: Flags, examples: Sequence[Example], label: Label, review: float
) -> Cut | None:
    """Judge a label's rejections at natural rates, and on the corpus, whose harmless are harder."""
    sources = (*NATURAL, corpus_reader.SOURCE)
    judged = np.array([row.source in sources and label in row.known for row in examples])
    return rejecting(scores[judged], ~harm[judged], at_least=max(review, CLEAR))


def risk_of(scores: Floats, levels: Floats) -> Floats:
    """Return how far each comment is from being stopped, in log-odds; from 0 on it is."""
    odds = np.log(np.clip(scores, 1e-9, 1 - 1e-9) / (1 - np.clip(scores, 1e-9, 1 - 1e-9)))
    risk: Floats = (odds - np.log(levels / (1 - levels))).max(axis=1)
    return risk


def _known(examples: Sequence[Example]) -> Flags:
    return np.array([[label in row.known for label in LABELS] for row in examples])


def _kinds(examples: Sequence[Example]) -> npt.NDArray[np.int64]:
    """Number the corpus's phenomena and, for every other source, its harmful and harmless rows."""
    names = [row.tags.get("phenomenon", f"{row.source} {row.harmful}") for row in examples]
    return np.unique(names, return_inverse=True)[1].astype(np.int64)
