"""Turn a classifier's readings into assessments, failing towards a person."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from moderation.domain.policy import Crossing, Outcome, Policy
from moderation.domain.rules import RuleMatch
from moderation.domain.scorer import Explanation, Passage, Reading, Scorer
from moderation.domain.verdict import Assessment, Label, Reason, SpamKind, Span, Verdict
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
_SPAM_EXPLANATIONS: dict[SpamKind, str] = {
    SpamKind.JUDOL: "Kemungkinan promosi judi online",
    SpamKind.PINJOL: "Kemungkinan tawaran pinjaman online",
    SpamKind.PENIPUAN: "Kemungkinan penipuan",
    SpamKind.INVESTASI: "Kemungkinan tawaran investasi yang meragukan",
    SpamKind.DEWASA: "Kemungkinan promosi layanan dewasa",
    SpamKind.OBAT: "Kemungkinan promosi obat atau ramuan",
    SpamKind.JASA: "Kemungkinan promosi jasa",
    SpamKind.SEO: "Kemungkinan tautan titipan agar situsnya mudah ditemukan",
    SpamKind.DUKUN: "Kemungkinan promosi dukun atau pesugihan",
    SpamKind.PROMOSI_AKUN: "Kemungkinan promosi akun atau kanal",
}

Consult = Callable[[Passage, Reading], tuple[RuleMatch, ...]]
Weighed = tuple[Outcome, tuple[RuleMatch, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """A passage to assess, by which policy, and who is asked for the site's rules that match."""

    passage: Passage
    policy: Policy
    consult: Consult | None = None


def assess(scorer: Scorer, passages: Sequence[Passage]) -> list[Assessment]:
    """Assess passages by the policy that travels with the model and no rules, in order."""
    return answer(scorer, [Question(passage, scorer.policy) for passage in passages])


def answer(scorer: Scorer, questions: Sequence[Question]) -> list[Assessment]:
    """Assess passages, in order; one that cannot be scored gets ``review`` and no scores.

    A policy must be made for this scorer. A failing scorer or rule must never publish a comment
    and never lose one, so whatever it raises ends here, in the log, and with a person.
    """
    passages = [question.passage for question in questions]
    readings = read(scorer, passages)
    weighed = [
        _weigh(question, reading) for question, reading in zip(questions, readings, strict=True)
    ]
    explained = _explain(scorer, passages, weighed)
    return [
        _unscored(scorer, question)
        if found is None or why is None
        else _conclude(scorer, question.policy, reading, found, why)
        for question, reading, found, why in zip(
            questions, readings, weighed, explained, strict=True
        )
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


def _weigh(question: Question, reading: Reading) -> Weighed | None:
    try:
        matches = question.consult(question.passage, reading) if question.consult else ()
        return reading.judged_by(question.policy, matches), matches
    except Exception:
        logger.exception("assessing failed")
        return None


def _explain(
    scorer: Scorer, passages: Sequence[Passage], weighed: Sequence[Weighed | None]
) -> list[Explanation | None]:
    """Return what carried each passage's crossings, ``None`` where that could not be found out."""
    explained: list[Explanation | None] = [Explanation({}) for _ in passages]
    asked = [at for at, found in enumerate(weighed) if found is not None and found[0].crossings]
    labels = [
        [crossing.label for crossing in found[0].crossings]
        for found in weighed
        if found is not None and found[0].crossings
    ]
    try:
        given = scorer.explain([passages[at] for at in asked], labels) if asked else []
        for at, one in zip(asked, given, strict=True):
            explained[at] = one
    except Exception:
        logger.exception("explaining failed", extra={"passages": len(asked)})
        if len(passages) == 1:
            return [None]
        return [
            _explain(scorer, [passage], [one])[0]
            for passage, one in zip(passages, weighed, strict=True)
        ]
    return explained


def _conclude(
    scorer: Scorer, policy: Policy, reading: Reading, weighed: Weighed, why: Explanation
) -> Assessment:
    outcome, matches = weighed
    return Assessment(
        verdict=outcome.verdict,
        scores=reading.scores,
        reasons=tuple(
            _as_reason(crossing, why.spans.get(crossing.label, ()), why.spam_kind)
            for crossing in outcome.crossings
        ),
        read_as=reading.read_as,
        model_version=scorer.version,
        policy_version=policy.version,
        rules=matches,
        spam_kind=why.spam_kind,
    )


def _as_reason(crossing: Crossing, spans: tuple[Span, ...], spam_kind: SpamKind | None) -> Reason:
    message = _EXPLANATIONS[crossing.label]
    if crossing.label is Label.SPAM and spam_kind is not None:
        message = _SPAM_EXPLANATIONS[spam_kind]
    if spans:
        quoted = ", ".join(f"“{span.text}”" for span in spans[:3])
        message = f"{message}: terutama pada {quoted}."
    else:
        message = f"{message}."
    return Reason(crossing.label, crossing.score, crossing.threshold, message, spans)


def _unscored(scorer: Scorer, question: Question) -> Assessment:
    return Assessment(
        verdict=Verdict.REVIEW,
        scores={},
        reasons=(),
        read_as=question.passage.text,
        model_version=scorer.version,
        policy_version=question.policy.version,
    )
