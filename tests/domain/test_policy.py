from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.policy import Band, Policy, Step
from moderation.domain.verdict import LABELS, Label, Verdict
from tests.factories import a_policy

CLEAN = MappingProxyType(dict.fromkeys(LABELS, 0.01))
STRICTNESS = (Verdict.APPROVE, Verdict.REVIEW, Verdict.REJECT)
scores = st.fixed_dictionaries({label: st.floats(0, 1) for label in LABELS})


@pytest.mark.parametrize(
    ("spam", "verdict"),
    [
        (0.29, Verdict.APPROVE),
        (0.3, Verdict.REVIEW),
        (0.79, Verdict.REVIEW),
        (0.8, Verdict.REJECT),
    ],
)
def test_a_score_is_judged_by_the_highest_threshold_it_reaches(
    spam: float, verdict: Verdict
) -> None:
    assert a_policy().decide({**CLEAN, Label.SPAM: spam}).verdict is verdict


def test_two_mild_scores_do_not_add_up_to_a_crossing() -> None:
    outcome = a_policy().decide({**CLEAN, Label.ABUSE: 0.29, Label.HATE: 0.29})

    assert outcome.verdict is Verdict.APPROVE
    assert outcome.crossings == ()


def test_the_worst_crossing_comes_first() -> None:
    outcome = a_policy().decide({**CLEAN, Label.ABUSE: 0.4, Label.THREAT: 0.6})

    assert [crossing.label for crossing in outcome.crossings] == [Label.THREAT, Label.ABUSE]


def test_a_label_without_a_reject_threshold_is_never_rejected() -> None:
    policy = a_policy(sexual=Band(0.3, None))

    outcome = policy.decide({**CLEAN, Label.SEXUAL: 1.0})

    assert outcome.verdict is Verdict.REVIEW
    assert outcome.crossings[0].threshold == 0.3


@pytest.mark.parametrize("spam", [0.0, 0.99])
def test_an_unknown_language_always_goes_to_a_person(spam: float) -> None:
    outcome = a_policy().decide({**CLEAN, Label.SPAM: spam}, known_language=False)

    assert outcome.verdict is Verdict.REVIEW


@given(scores, st.sampled_from(LABELS), st.floats(0, 1))
def test_a_higher_score_never_gives_a_milder_verdict(
    given_scores: dict[Label, float], label: Label, other: float
) -> None:
    low, high = sorted((given_scores[label], other))
    policy = a_policy()

    milder = policy.decide({**given_scores, label: low}).verdict
    stricter = policy.decide({**given_scores, label: high}).verdict

    assert STRICTNESS.index(milder) <= STRICTNESS.index(stricter)


def test_a_policy_survives_its_json_form() -> None:
    policy = a_policy(sexual=Band(0.2, None))

    assert Policy.from_json(policy.to_json()) == policy


def test_a_policy_that_forgets_a_label_is_refused() -> None:
    with pytest.raises(ValueError, match="no band for abuse"):
        Policy("p", {label: Band(0.1, 0.9) for label in LABELS if label is not Label.ABUSE})


@pytest.mark.parametrize(("review", "reject"), [(0.9, 0.1), (-0.1, 0.5), (0.5, 1.1)])
def test_a_band_in_disorder_is_refused(review: float, reject: float) -> None:
    with pytest.raises(ValueError, match="a band needs"):
        Band(review, reject)


def test_a_text_too_poor_to_read_waits_for_a_person_instead_of_being_rejected() -> None:
    outcome = a_policy().decide({**CLEAN, Label.SPAM: 0.99}, legible=False)

    assert outcome.verdict is Verdict.REVIEW
    assert outcome.step is Step.REVIEW_THRESHOLD
