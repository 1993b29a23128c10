from dataclasses import replace

import pytest

from moderation.adapters.akismet.answers import answer_assessment
from moderation.domain.rules import Effect, RuleKind, RuleMatch
from moderation.domain.verdict import Assessment, Label, Verdict

COPY = RuleMatch("kampanye", RuleKind.CAMPAIGN, Effect.REJECT, 1, "salinan", sure=True)
REJECTED = Assessment(
    verdict=Verdict.REJECT,
    scores={Label.SPAM: 0.9},
    reasons=(),
    read_as="promo",
    model_version="m",
    policy_version="p",
    rules=(COPY,),
)


def test_a_sure_copy_of_a_rejected_campaign_may_be_discarded() -> None:
    answer = answer_assessment(REJECTED, {})

    assert answer.get_data(as_text=True) == "true"
    assert answer.headers["X-akismet-pro-tip"] == "discard"


@pytest.mark.parametrize(
    "assessment",
    [
        replace(REJECTED, rules=()),
        replace(REJECTED, rules=(replace(COPY, sure=False),)),
        replace(REJECTED, rules=(replace(COPY, observed=True),)),
        replace(REJECTED, verdict=Verdict.REVIEW),
    ],
)
def test_nothing_else_is_ever_discarded(assessment: Assessment) -> None:
    assert "X-akismet-pro-tip" not in answer_assessment(assessment, {}).headers
