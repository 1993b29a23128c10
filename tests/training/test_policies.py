"""The policy treats every kind of comment alike and rejects only with a promise."""

import numpy as np

from moderation.domain.scorer import Passage
from moderation.domain.verdict import LABELS, Label
from training.annotations import HARMFUL, HARMLESS, TAG
from training.examples import Example
from training.learning import Learnt
from training.policies import balanced_levels, choose_policy
from training.sources import NATURAL


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


def test_approval_is_judged_by_what_people_read_where_they_read_again() -> None:
    harmful = np.arange(1000) % 20 == 0
    scores = np.repeat(np.where(harmful, 0.9, 0.1)[:, None], len(LABELS), axis=1)
    scores += np.linspace(0, 0.05, 1000)[:, None]
    examples = [
        Example(
            Passage(str(at)),
            {**dict.fromkeys(LABELS, False), Label.ABUSE: at % 2 == 0},
            NATURAL[-1],
            str(at),
            tags={TAG: HARMFUL if harmful[at] else HARMLESS},
        )
        for at in range(1000)
    ]

    _, promises = choose_policy("v", scores, examples)

    assert promises.read_again
    assert promises.natural == 1000
    assert promises.guarded is not None
    assert promises.guarded.promised
    assert promises.guarded.wrong < 10
    assert promises.guarded.decided >= 900
