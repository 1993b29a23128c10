"""The queue is counted with both models kept to the same promise."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from moderation.domain.policy import Band, Policy
from moderation.domain.verdict import LABELS, Label
from training.promotion.queueing import Guarantee, guarantee_of, queue_at
from training.promotion.reading import Outcomes

COUNT = 2000
HARMFUL = np.arange(COUNT) < COUNT // 2


def scored(spam: npt.NDArray[np.float64], reject: float | None = 0.9) -> tuple[Outcomes, Policy]:
    scores = np.full((COUNT, len(LABELS)), 0.001)
    scores[:, 0] = spam
    policy = Policy("p", {label: Band(0.5, None) for label in LABELS})
    policy = Policy("p", {**policy.bands, Label.SPAM: Band(0.5, reject)})
    rejected = spam >= (reject or 2)
    told, sure = scores >= 0.5, scores >= (reject or 2)
    return Outcomes(scores, told, sure, np.ones(COUNT, bool), spam < 0.5, rejected), policy


def mixed(noise: float) -> npt.NDArray[np.float64]:
    """Scores that tell harm the worse the more noise there is."""
    rng = np.random.default_rng(3)
    odds = np.where(HARMFUL, 2.0, -2.0) + rng.normal(0, noise, COUNT)
    spam: npt.NDArray[np.float64] = 1 / (1 + np.exp(-odds))
    return spam


PROMISE = Guarantee(0.05, 0.05)


def test_a_better_model_keeps_the_promise_with_a_smaller_queue() -> None:
    queues = [queue_at(*scored(mixed(noise)), HARMFUL, PROMISE) for noise in (0.1, 1.5, 3.0)]

    assert queues[0] == 0
    assert queues[0] < queues[1] < queues[2]


def test_a_stricter_promise_makes_a_longer_queue() -> None:
    loose, strict = (
        queue_at(*scored(mixed(1.5)), HARMFUL, Guarantee(allowed, allowed))
        for allowed in (0.1, 0.01)
    )

    assert loose < strict


def test_a_label_that_is_never_rejected_waits_for_people() -> None:
    without = queue_at(*scored(mixed(0.1), reject=None), HARMFUL, PROMISE)

    # All but the few harmful ones that may slip through.
    assert 0.94 * HARMFUL.sum() < without < HARMFUL.sum()


def test_text_that_cannot_be_read_always_waits() -> None:
    outcomes, policy = scored(mixed(0.1))
    unread = replace(outcomes, readable=~HARMFUL)

    assert queue_at(unread, policy, HARMFUL, PROMISE) == HARMFUL.sum()


def test_the_promise_is_what_the_champion_keeps_within_what_makes_sense() -> None:
    perfect, fair, poor = (
        guarantee_of(scored(mixed(noise), reject=0.8)[0], HARMFUL) for noise in (0.1, 1.2, 9.0)
    )

    assert (perfect.harmful_among_approved, perfect.harmless_among_rejected) == (0.01, 0.01)
    assert 0.01 < fair.harmful_among_approved < 0.10
    assert (poor.harmful_among_approved, poor.harmless_among_rejected) == (0.10, 0.10)


def test_a_handful_of_rejections_promises_little_and_allows_little() -> None:
    outcomes, _ = scored(np.where(np.arange(COUNT) < 3, 0.95, 0.2))

    assert guarantee_of(outcomes, HARMFUL).harmless_among_rejected == 0.10
