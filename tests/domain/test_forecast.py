import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.forecast import (
    Evidence,
    Sample,
    fewest_needed,
    predict,
    shifted,
    turn,
)
from moderation.domain.policy import Band
from moderation.domain.verdict import LABELS, Label, Verdict
from tests.factories import a_policy

CLEAN = dict.fromkeys(LABELS, 0.0)


def sample(
    spam: float = 0.0, *, readable: bool = True, rejected_for: set[Label] | None = None
) -> Sample:
    read = None if rejected_for is None else frozenset(rejected_for)
    return Sample({**CLEAN, Label.SPAM: spam}, readable, read)


def test_a_forecast_counts_verdicts_and_what_may_slip() -> None:
    samples = [sample(0.1), sample(0.2), sample(0.5), sample(0.9), sample(0.1, readable=False)]

    forecast = predict(a_policy(), samples, base=a_policy())

    assert forecast.counts == {Verdict.APPROVE: 2, Verdict.REVIEW: 2, Verdict.REJECT: 1}
    assert forecast.slipping == pytest.approx(0.3)
    assert forecast.slip_share == pytest.approx(0.15)
    assert forecast.considered == 5


def test_what_a_person_said_outweighs_the_score() -> None:
    samples = [sample(0.2, rejected_for=set()), sample(0.1, rejected_for={Label.SPAM})]

    forecast = predict(a_policy(), samples, base=a_policy())

    assert forecast.slipping == 1.0
    assert forecast.evidence == Evidence(tested=2, wrong=1)


def test_evidence_for_a_loosened_label_is_of_what_was_held_back_for_it() -> None:
    looser = a_policy(spam=Band(0.6, 0.8))
    samples = [
        sample(0.5, rejected_for={Label.SPAM}),
        sample(0.5, rejected_for=set()),
        sample(0.1, rejected_for={Label.SPAM}),
        sample(0.5),
    ]

    loosened = predict(looser, samples, base=a_policy()).loosened

    assert loosened == {Label.SPAM: Evidence(tested=2, wrong=1)}


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=60),
    st.sampled_from([0.001, 0.01, 0.05, 0.2]),
)
def test_the_dial_keeps_to_what_is_allowed_or_stands_at_its_strictest(
    scores: list[float], allowed: float
) -> None:
    samples = [sample(score) for score in scores]

    policy = turn(a_policy(), samples, allowed=allowed, version="new")

    strictest = shifted(a_policy(), -4.0, version="new")
    kept = predict(policy, samples, base=a_policy()).slip_share <= allowed
    assert kept or policy == strictest


@given(st.floats(-4, 4), st.floats(0, 1))
def test_a_moved_threshold_never_passes_the_one_of_rejection(shift: float, review: float) -> None:
    base = a_policy(spam=Band(review, max(review, 0.8)), abuse=Band(review, None))

    moved = shifted(base, shift, version="new")

    assert moved.bands[Label.SPAM].reject == base.bands[Label.SPAM].reject
    assert 0.0 <= moved.bands[Label.ABUSE].review <= 1.0


def test_allowing_more_never_queues_more() -> None:
    samples = [sample(place / 100) for place in range(100)]
    queued = [
        predict(
            turn(a_policy(), samples, allowed=allowed / 1000, version="new"),
            samples,
            base=a_policy(),
        ).counts[Verdict.REVIEW]
        for allowed in (1, 10, 50, 100)
    ]

    assert queued == sorted(queued, reverse=True)
    assert queued[0] > queued[-1]


def test_without_samples_the_dial_leaves_the_models_thresholds() -> None:
    assert turn(a_policy(), [], allowed=0.001, version="new").bands == a_policy().bands


def test_promising_one_in_a_thousand_takes_about_three_thousand_comments() -> None:
    assert fewest_needed(0.001, 0.95) == 2995
