"""The newsroom's own rules: what they look at, what they ask for, and which of them match.

Rules only *ask*; :mod:`.policy` weighs what they ask for against the scores and gives the verdict.
``docs/rules.md`` explains both to the people who set rules up; a test compares it with this file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from moderation.domain.campaign import CampaignStanding
from moderation.domain.decision import Decision
from moderation.domain.verdict import Span

LONGEST_NAME = 80


class RuleKind(StrEnum):
    """What a rule looks at. The order is the one in which rules are evaluated and reported."""

    WORDS = "words"
    DOMAINS = "domains"
    AUTHORS = "authors"
    CAMPAIGN = "campaign"
    REJECTED_SHARE = "rejected_share"
    FIRST_COMMENTS = "first_comments"
    TRUSTED_AUTHOR = "trusted_author"
    HOT_ARTICLE = "hot_article"


LIST_KINDS = (RuleKind.WORDS, RuleKind.DOMAINS, RuleKind.AUTHORS)
"""Kinds of which a site may have many, each a named list of entries."""

SPARED_BY_NAME = frozenset({RuleKind.REJECTED_SHARE, RuleKind.FIRST_COMMENTS})
"""Kinds that do not look at an author the newsroom allows by name."""

_ORDER = {kind: place for place, kind in enumerate(RuleKind)}


class Effect(StrEnum):
    """What a matching rule asks of the policy."""

    REJECT = "reject"
    HOLD = "hold"
    ALLOW = "allow"
    TIGHTEN = "tighten"


class Mode(StrEnum):
    """Whether a rule acts, only counts what it would have done, or rests."""

    ON = "on"
    OBSERVE = "observe"
    OFF = "off"


EFFECTS: Mapping[RuleKind, Effect] = MappingProxyType(
    {
        RuleKind.CAMPAIGN: Effect.HOLD,
        RuleKind.REJECTED_SHARE: Effect.HOLD,
        RuleKind.FIRST_COMMENTS: Effect.HOLD,
        RuleKind.TRUSTED_AUTHOR: Effect.ALLOW,
        RuleKind.HOT_ARTICLE: Effect.TIGHTEN,
    }
)
"""The effect of every kind that is not a list; a list names its own."""

DEFAULTS: Mapping[RuleKind, Mapping[str, float]] = MappingProxyType(
    {
        RuleKind.CAMPAIGN: MappingProxyType({"copies": 5, "authors": 3, "window_hours": 48}),
        RuleKind.REJECTED_SHARE: MappingProxyType({"share": 0.5, "at_least": 4, "window_days": 30}),
        RuleKind.FIRST_COMMENTS: MappingProxyType({"approved": 2}),
        RuleKind.TRUSTED_AUTHOR: MappingProxyType({"approved": 50, "window_days": 90}),
        RuleKind.HOT_ARTICLE: MappingProxyType(
            {
                "comments": 60,
                "rejected_share": 0.4,
                "at_least": 10,
                "window_minutes": 10,
                "step": 0.3,
                "calm_minutes": 30,
            }
        ),
    }
)
"""Every parameter a kind takes, with the value it has unless a newsroom sets another."""

MESSAGES: Mapping[tuple[RuleKind, Effect], str] = MappingProxyType(
    {
        (RuleKind.WORDS, Effect.REJECT): "Memuat {what} dari daftar tolak “{rule}”.",
        (RuleKind.WORDS, Effect.HOLD): "Memuat {what} dari daftar tinjau “{rule}”.",
        (RuleKind.DOMAINS, Effect.REJECT): "Menautkan {what} dari daftar tolak “{rule}”.",
        (RuleKind.DOMAINS, Effect.HOLD): "Menautkan {what} dari daftar tinjau “{rule}”.",
        (RuleKind.AUTHORS, Effect.REJECT): "Penulisnya ada di daftar tolak “{rule}”.",
        (RuleKind.AUTHORS, Effect.HOLD): "Penulisnya ada di daftar tinjau “{rule}”.",
        (RuleKind.AUTHORS, Effect.ALLOW): "Penulisnya ada di daftar tepercaya “{rule}”.",
        (RuleKind.CAMPAIGN, Effect.REJECT): "Salinan kampanye yang sudah ditolak redaksi.",
        (RuleKind.CAMPAIGN, Effect.ALLOW): "Salinan teks yang sudah diizinkan redaksi.",
        (RuleKind.CAMPAIGN, Effect.HOLD): "Teks yang sama sudah {what} kali dikirim banyak akun.",
        (RuleKind.REJECTED_SHARE, Effect.HOLD): ("{what} komentar terakhir penulis ini ditolak."),
        (RuleKind.FIRST_COMMENTS, Effect.HOLD): ("Penulis baru: {what} pernah terbit."),
        (RuleKind.TRUSTED_AUTHOR, Effect.ALLOW): "Penulis tepercaya: {what} komentarnya terbit.",
        (RuleKind.HOT_ARTICLE, Effect.TIGHTEN): "Artikel sedang ramai, ambang diperketat {what}.",
    }
)
"""What a person reads; ``{rule}`` is the list's name, ``{what}`` what was found."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of one site, at its present version."""

    id: int
    site_id: int
    name: str
    kind: RuleKind
    effect: Effect
    mode: Mode
    version: int
    parameters: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Hit:
    """Entries of a list that were found, and where in the text as written."""

    rule: Rule
    entries: tuple[str, ...]
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorStanding:
    """How an author's earlier comments fared; every count ends at a bound.

    ``_lately`` is the window of ``rejected_share``, ``_of_trust`` that of ``trusted_author``.
    """

    approved: int
    approved_lately: int
    rejected_lately: int
    rejected_of_trust: int


@dataclass(frozen=True, slots=True)
class Facts:
    """All that rules may look at besides the scores; what is unknown is ``None``."""

    hits: tuple[Hit, ...] = ()
    author: AuthorStanding | None = None
    campaign: CampaignStanding | None = None
    hot: bool = False


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """A rule that matched, and what it asks for; an ``observed`` one only asks on paper.

    ``step`` is the share by which ``tighten`` lowers the review thresholds; ``sure`` marks a
    copy so near that nobody needs to see it again.
    """

    rule: str
    kind: RuleKind
    effect: Effect
    version: int
    message: str
    spans: tuple[Span, ...] = ()
    observed: bool = False
    step: float = 0.0
    sure: bool = False
    rule_id: int = 0


def match_rules(rules: Iterable[Rule], facts: Facts) -> tuple[RuleMatch, ...]:
    """Return the rules that match, in the order of ``RuleKind``.

    An author the newsroom allows by name is spared the rules that look at history alone.
    """
    found = [_of_list(hit) for hit in facts.hits]
    allowed = any(
        match.effect is Effect.ALLOW and match.kind is RuleKind.AUTHORS and not match.observed
        for match in found
    )
    for rule in rules:
        if rule.mode is not Mode.OFF and rule.kind not in LIST_KINDS:
            match = _MATCHERS[rule.kind](rule, facts)
            spared = allowed and rule.kind in SPARED_BY_NAME
            if match is not None and not spared:
                found.append(match)
    found.sort(key=lambda match: _ORDER[match.kind])
    return tuple(found)


def may_discard(matches: Iterable[RuleMatch]) -> bool:
    """Say whether a comment is a sure copy of a rejected campaign, not worth keeping anywhere."""
    return any(
        match.kind is RuleKind.CAMPAIGN
        and match.effect is Effect.REJECT
        and match.sure
        and not match.observed
        for match in matches
    )


def _of_list(hit: Hit) -> RuleMatch:
    what = ", ".join(f"“{entry}”" for entry in hit.entries[:3])
    return _matched(hit.rule, hit.rule.effect, what, hit.spans)


def _match_campaign(rule: Rule, facts: Facts) -> RuleMatch | None:
    campaign = facts.campaign
    if campaign is None:
        return None
    if campaign.decision is not None:
        rejected = campaign.decision is Decision.REJECT
        match = _matched(rule, Effect.REJECT if rejected else Effect.ALLOW, "")
        return replace(match, sure=campaign.sure)
    wanted = rule.parameters
    if campaign.copies >= wanted["copies"] and campaign.authors >= wanted["authors"]:
        return _matched(rule, Effect.HOLD, str(campaign.copies))
    return None


def _match_rejected_share(rule: Rule, facts: Facts) -> RuleMatch | None:
    if facts.author is None:
        return None
    rejected = facts.author.rejected_lately
    decided = rejected + facts.author.approved_lately
    if rejected < rule.parameters["at_least"] or rejected < rule.parameters["share"] * decided:
        return None
    return _matched(rule, Effect.HOLD, f"{rejected} dari {decided}")


def _match_first_comments(rule: Rule, facts: Facts) -> RuleMatch | None:
    """A writer without any identity is always new: a name alone proves nothing."""
    approved = facts.author.approved if facts.author is not None else 0
    if approved >= rule.parameters["approved"]:
        return None
    what = f"baru {approved} komentarnya" if approved else "komentarnya belum"
    return _matched(rule, Effect.HOLD, what)


def _match_trusted_author(rule: Rule, facts: Facts) -> RuleMatch | None:
    author = facts.author
    if author is None or author.rejected_of_trust or author.approved < rule.parameters["approved"]:
        return None
    return _matched(rule, Effect.ALLOW, f"sedikitnya {author.approved}")


def _match_hot_article(rule: Rule, facts: Facts) -> RuleMatch | None:
    if not facts.hot:
        return None
    step = rule.parameters["step"]
    return _matched(rule, Effect.TIGHTEN, f"{step:.0%}", step=step)


_MATCHERS = {
    RuleKind.CAMPAIGN: _match_campaign,
    RuleKind.REJECTED_SHARE: _match_rejected_share,
    RuleKind.FIRST_COMMENTS: _match_first_comments,
    RuleKind.TRUSTED_AUTHOR: _match_trusted_author,
    RuleKind.HOT_ARTICLE: _match_hot_article,
}


def _matched(
    rule: Rule, effect: Effect, what: str, spans: tuple[Span, ...] = (), *, step: float = 0.0
) -> RuleMatch:
    return RuleMatch(
        rule=rule.name,
        kind=rule.kind,
        effect=effect,
        version=rule.version,
        message=MESSAGES[rule.kind, effect].format(rule=rule.name, what=what),
        spans=spans,
        observed=rule.mode is Mode.OBSERVE,
        step=step,
        rule_id=rule.id,
    )
