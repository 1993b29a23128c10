"""Turn a classifier's readings into assessments, failing towards a person."""

import logging
from collections.abc import Callable, Sequence

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
    weighed = [
        _weigh(policy, passage, reading, consult)
        for passage, reading in zip(passages, readings, strict=True)
    ]
    explained = _explain(scorer, passages, weighed)
    return [
        _unscored(scorer, policy, passage)
        if found is None or why is None
        else _conclude(scorer, policy, reading, found, why)
        for passage, reading, found, why in zip(passages, readings, weighed, explained, strict=True)
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


def _weigh(
    policy: Policy, passage: Passage, reading: Reading, consult: Consult | None
) -> Weighed | None:
    try:
        matches = consult(passage, reading) if consult is not None else ()
        outcome = policy.decide(
            reading.scores,
            matches,
            known_language=reading.known_language,
            legible=reading.legible,
        )
        return outcome, matches
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


def _unscored(scorer: Scorer, policy: Policy, passage: Passage) -> Assessment:
    return Assessment(
        verdict=Verdict.REVIEW,
        scores={},
        reasons=(),
        read_as=passage.text,
        model_version=scorer.version,
        policy_version=policy.version,
    )
