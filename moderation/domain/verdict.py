"""The machine's answer to one comment: labels, spans, reasons, the assessment."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moderation.domain.rules import RuleMatch


class Label(StrEnum):
    """A kind of harm; names a classifier head and a reason alike."""

    SPAM = "spam"
    ABUSE = "abuse"
    HATE = "hate"
    THREAT = "threat"
    SEXUAL = "sexual"


LABELS: tuple[Label, ...] = tuple(Label)
"""Every label, in the order of the classifier's score columns."""


class SpamKind(StrEnum):
    """What a spam comment promotes; the names are those Indonesian moderators use."""

    JUDOL = "judol"
    PINJOL = "pinjol"
    PENIPUAN = "penipuan"
    INVESTASI = "investasi"
    DEWASA = "dewasa"
    OBAT = "obat"
    JASA = "jasa"
    SEO = "seo"
    DUKUN = "dukun"
    PROMOSI_AKUN = "promosi-akun"


SPAM_KINDS: tuple[SpamKind, ...] = tuple(SpamKind)
"""Every kind, in the order of the kind head's columns."""


class Verdict(StrEnum):
    """The machine's answer. People give a :class:`~moderation.domain.decision.Decision`."""

    APPROVE = "approve"
    REVIEW = "review"
    REJECT = "reject"


Scores = Mapping[Label, float]
"""Calibrated probability of harm, 0 to 1, for each label on its own."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the comment as written; offsets count Unicode code points, ``end`` exclusive."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A label that crossed a threshold, and where in the text it did."""

    label: Label
    score: float
    threshold: float
    message: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything the machine says about one comment.

    ``read_as`` is the text after look-alike letters are folded. ``scores`` is empty when
    scoring failed; the verdict is then ``review`` unless a rule rejects. ``rules`` are the
    site's own rules that matched. ``spam_kind`` is named only where spam is a reason.
    """

    verdict: Verdict
    scores: Scores
    reasons: tuple[Reason, ...]
    read_as: str
    model_version: str
    policy_version: str
    rules: "tuple[RuleMatch, ...]" = ()
    spam_kind: SpamKind | None = None
