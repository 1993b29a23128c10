"""The policy treats every kind of comment alike and rejects only with a promise."""

import numpy as np

from moderation.domain.verdict import LABELS
from training.learning import Learnt
from training.policies import balanced_levels


def test_levels_part_harm_from_harmless_in_every_kind() -> None:
    rng = np.random.default_rng(0)
    harm = np.repeat([False, True], 500)
    scores = np.where(harm[:, None], 0.8, 0.2) + rng.normal(0, 0.05, (1000, 1))
    kinds = np.repeat([0, 1], 500)

    levels = balanced_levels(scores, harm, kinds)

    assert ((scores[:, 0] >= levels[0]) == harm).mean() > 0.99


def test_every_label_has_a_band_and_rejects_only_with_a_promise(learnt: Learnt) -> None:
    for label in LABELS:
        kept = learnt.promises.rejected[label]
        reject = learnt.policy.bands[label].reject
        assert reject == (kept.threshold if kept else None)
        assert kept is None or kept.promised
