"""What a model makes of a frozen set: scores, labels told, verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moderation.domain.scorer import Scorer
from moderation.domain.verdict import LABELS, Verdict
from training.examples import Example

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """One model's answers, a row a comment; columns follow ``LABELS``.

    ``told`` are the labels whose score reached the model's own review threshold, ``sure`` those
    for which it rejects by itself.
    """

    scores: Floats
    told: Flags
    sure: Flags
    readable: Flags
    approved: Flags
    rejected: Flags


def read(scorer: Scorer, rows: Sequence[Example]) -> Outcomes:
    """Let a model with its own policy judge every row."""
    readings = scorer.read([row.passage for row in rows])
    policy = scorer.policy
    bands = [policy.bands[label] for label in LABELS]
    table = [[one.scores[label] for label in LABELS] for one in readings]
    scores = np.array(table, np.float64).reshape(-1, len(LABELS))
    readable = np.array([one.known_language for one in readings], bool)
    never = 2.0  # no score reaches it
    rejecting = np.array([never if band.reject is None else band.reject for band in bands])
    legible = np.array([one.legible for one in readings], bool)
    verdicts = [one.judged_by(policy).verdict for one in readings]
    return Outcomes(
        scores=scores,
        told=scores >= np.array([band.review for band in bands]),
        sure=(scores >= rejecting) & (readable & legible)[:, None],
        readable=readable,
        approved=np.array([verdict is Verdict.APPROVE for verdict in verdicts], bool),
        rejected=np.array([verdict is Verdict.REJECT for verdict in verdicts], bool),
    )
