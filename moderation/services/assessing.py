"""Turn a classifier's readings into assessments, failing towards a person."""

import logging
from collections.abc import Callable, Sequence

from moderation.domain.policy import Crossing, Policy
from moderation.domain.rules import RuleMatch
from moderation.domain.scorer import Passage, Reading, Scorer
from moderation.domain.verdict import Assessment, Label, Reason, Span, Verdict
from moderation.metrics import SCORE_FAILURES, SCORE_SECONDS

logger = logging.getLogger(__name__)

# What a moderator reads beside the marked words.
_EXPLANATIONS: dict[Label, str] = {
    Label.SPAM: "Kemungkinan promosi atau penipuan",
    Label.ABUSE: "Kemungkinan menghina atau memaki orang",
    Label.HATE: "Kemungkinan ujaran kebencian terhadap suatu golongan",
    Label.THREAT: "Kemungkinan ancaman atau ajakan kekerasan",
    Label.SEXUAL: "Kemungkinan pelecehan atau ajakan seksual",
}


Consult = Callable[[Passage, Reading], tuple[RuleMatch, ...]]


def assess(
    scorer: Scorer,
    passages: Sequence[Passage],
    consult: Consult | None = None,
    policy: Policy | None = None,
) -> list[Assessment]:
    """Assess passages, in order; one that cannot be scored gets ``review`` and no scores.

    ``consult`` returns the site's rules that match; without it there are none. ``policy`` stands
    in for the one that travels with the model, and must be made for it. A failing scorer or rule
    must never publish a comment and never lose one, so whatever it raises ends here, in the log,
    and with a person.
    """
    policy = policy or scorer.policy
    readings = read(scorer, passages)
    return [
        _assess_one(scorer, policy, passage, reading, consult)
        for passage, reading in zip(passages, readings, strict=True)
    ]


def read(scorer: Scorer, passages: Sequence[Passage]) -> list[Reading]:
    """Read passages, in order; one that cannot be scored has no scores."""
    try:
        with SCORE_SECONDS.time():
            readings = scorer.read(passages)
        if len(readings) == len(passages):
            return readings
        logger.error("scoring failed", extra={"passages": len(passages)})
    except Exception:
        logger.exception("scoring failed", extra={"passages": len(passages)})
    if len(passages) > 1:
        return [read(scorer, [passage])[0] for passage in passages]
    SCORE_FAILURES.inc()
    return [Reading({}, passages[0].text)]


def _assess_one(
    scorer: Scorer,
    policy: Policy,
    passage: Passage,
    reading: Reading,
    consult: Consult | None,
) -> Assessment:
    try:
        matches = consult(passage, reading) if consult is not None else ()
        outcome = policy.decide(reading.scores, matches, known_language=reading.known_language)
        crossed = [crossing.label for crossing in outcome.crossings]
        spans = scorer.explain(passage, crossed) if crossed else {}
    except Exception:
        logger.exception("assessing failed")
        return _unscored(scorer, policy, passage)
    return Assessment(
        verdict=outcome.verdict,
        scores=reading.scores,
        reasons=tuple(
            _as_reason(crossing, spans.get(crossing.label, ())) for crossing in outcome.crossings
        ),
        read_as=reading.read_as,
        model_version=scorer.version,
        policy_version=policy.version,
        rules=matches,
    )


def _as_reason(crossing: Crossing, spans: tuple[Span, ...]) -> Reason:
    message = _EXPLANATIONS[crossing.label]
    if spans:
        quoted = ", ".join(f"“{span.text}”" for span in spans[:3])
        message = f"{message}: terutama pada {quoted}."
    else:
        message = f"{message}."
    return Reason(crossing.label, crossing.score, crossing.threshold, message, spans)


def _unscored(scorer: Scorer, policy: Policy, passage: Passage) -> Assessment:
    return Assessment(
        verdict=Verdict.REVIEW,
        scores={},
        reasons=(),
        read_as=passage.text,
        model_version=scorer.version,
        policy_version=policy.version,
    )
