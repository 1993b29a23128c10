from dataclasses import replace
from typing import Any

import pytest

from moderation.domain.campaign import CampaignStanding
from moderation.domain.decision import Decision
from moderation.domain.policy import Band, Outcome, Step
from moderation.domain.rules import (
    DEFAULTS,
    EFFECTS,
    AuthorStanding,
    Effect,
    Facts,
    Hit,
    Mode,
    Rule,
    RuleKind,
    RuleMatch,
    match_rules,
)
from moderation.domain.verdict import LABELS, Label, Verdict
from tests.factories import a_policy

CLEAN = dict.fromkeys(LABELS, 0.01)


def a_rule(kind: RuleKind, effect: Effect | None = None, mode: Mode = Mode.ON, **kw: Any) -> Rule:
    parameters = {**DEFAULTS.get(kind, {}), **kw}
    return Rule(1, 1, kind.value, kind, effect or EFFECTS[kind], mode, 1, parameters)


def a_match(effect: Effect, *, observed: bool = False, step: float = 0.0) -> RuleMatch:
    return RuleMatch("r", RuleKind.WORDS, effect, 1, "", observed=observed, step=step)


def decided(scores: dict[Label, float], *effects: Effect) -> Outcome:
    return a_policy().decide({**CLEAN, **scores}, [a_match(effect) for effect in effects])


@pytest.mark.parametrize(
    ("scores", "effects", "step"),
    [
        ({}, [Effect.REJECT, Effect.ALLOW], Step.REJECT_RULE),
        ({Label.THREAT: 0.9}, [Effect.ALLOW], Step.REJECT_THRESHOLD),
        ({}, [Effect.HOLD, Effect.ALLOW], Step.HOLD_RULE),
        ({Label.ABUSE: 0.5}, [Effect.ALLOW], Step.ALLOW_RULE),
        ({Label.ABUSE: 0.5}, [], Step.REVIEW_THRESHOLD),
        ({}, [], Step.CLEAN),
    ],
)
def test_the_first_step_that_applies_gives_the_verdict(
    scores: dict[Label, float], effects: list[Effect], step: Step
) -> None:
    assert decided(scores, *effects).step is step


@pytest.mark.parametrize("label", [Label.HATE, Label.THREAT])
def test_no_allowance_lifts_a_reject_threshold(label: Label) -> None:
    assert decided({label: 0.8}, Effect.ALLOW).verdict is Verdict.REJECT


def test_a_text_without_scores_is_rejected_only_by_a_rule() -> None:
    policy = a_policy()

    assert policy.decide({}, [a_match(Effect.ALLOW)]).verdict is Verdict.REVIEW
    assert policy.decide({}, [a_match(Effect.REJECT)]).verdict is Verdict.REJECT


def test_an_observed_rule_changes_nothing() -> None:
    outcome = a_policy().decide(CLEAN, [a_match(Effect.REJECT, observed=True)])

    assert outcome.verdict is Verdict.APPROVE


def test_a_hot_article_lowers_review_thresholds_and_no_reject_threshold() -> None:
    policy = a_policy(spam=Band(0.4, 0.8))
    hot = [a_match(Effect.TIGHTEN, step=0.5)]

    assert policy.decide({**CLEAN, Label.SPAM: 0.2}, hot).verdict is Verdict.REVIEW
    assert policy.decide({**CLEAN, Label.SPAM: 0.79}, hot).verdict is Verdict.REVIEW
    assert policy.decide({**CLEAN, Label.SPAM: 0.2}).verdict is Verdict.APPROVE


@pytest.mark.parametrize(
    ("standing", "effect"),
    [
        (CampaignStanding(copies=4, authors=4), None),
        (CampaignStanding(copies=9, authors=2), None),
        (CampaignStanding(copies=5, authors=3), Effect.HOLD),
        (CampaignStanding(decision=Decision.REJECT), Effect.REJECT),
        (CampaignStanding(copies=50, authors=50, decision=Decision.APPROVE), Effect.ALLOW),
    ],
)
def test_a_campaign_is_held_from_its_size_on_and_follows_its_decision(
    standing: CampaignStanding, effect: Effect | None
) -> None:
    matches = match_rules([a_rule(RuleKind.CAMPAIGN)], Facts(campaign=standing))

    assert [match.effect for match in matches] == ([effect] if effect else [])


@pytest.mark.parametrize(
    ("kind", "author", "matches"),
    [
        (RuleKind.FIRST_COMMENTS, None, True),
        (RuleKind.FIRST_COMMENTS, AuthorStanding(1, 1, 0, 0), True),
        (RuleKind.FIRST_COMMENTS, AuthorStanding(2, 0, 0, 0), False),
        (RuleKind.REJECTED_SHARE, None, False),
        (RuleKind.REJECTED_SHARE, AuthorStanding(9, 0, 3, 0), False),
        (RuleKind.REJECTED_SHARE, AuthorStanding(9, 4, 4, 0), True),
        (RuleKind.REJECTED_SHARE, AuthorStanding(9, 5, 4, 9), False),
        (RuleKind.TRUSTED_AUTHOR, AuthorStanding(49, 49, 0, 0), False),
        (RuleKind.TRUSTED_AUTHOR, AuthorStanding(50, 0, 4, 0), True),
        (RuleKind.TRUSTED_AUTHOR, AuthorStanding(90, 0, 0, 1), False),
        (RuleKind.TRUSTED_AUTHOR, None, False),
    ],
)
def test_history_rules_look_at_the_counts(
    kind: RuleKind, author: AuthorStanding | None, matches: bool
) -> None:
    assert bool(match_rules([a_rule(kind)], Facts(author=author))) is matches


def test_an_author_allowed_by_name_is_spared_the_rules_on_history() -> None:
    allowed = Hit(a_rule(RuleKind.AUTHORS, Effect.ALLOW), ())
    rules = [a_rule(RuleKind.FIRST_COMMENTS), a_rule(RuleKind.HOT_ARTICLE)]

    matches = match_rules(rules, Facts(hits=(allowed,), hot=True))

    assert [match.kind for match in matches] == [RuleKind.AUTHORS, RuleKind.HOT_ARTICLE]


def test_matches_stand_in_the_order_of_their_kinds_whatever_order_rules_come_in() -> None:
    rules = [a_rule(RuleKind.HOT_ARTICLE), a_rule(RuleKind.FIRST_COMMENTS)]
    word = Hit(a_rule(RuleKind.WORDS, Effect.HOLD), ("gacor",))

    matches = match_rules(rules, Facts(hits=(word,), hot=True))

    assert [match.kind for match in matches] == [
        RuleKind.WORDS,
        RuleKind.FIRST_COMMENTS,
        RuleKind.HOT_ARTICLE,
    ]
    assert "gacor" in matches[0].message


def test_a_resting_rule_never_matches() -> None:
    rule = replace(a_rule(RuleKind.FIRST_COMMENTS), mode=Mode.OFF)

    assert match_rules([rule], Facts()) == ()
