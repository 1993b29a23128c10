"""Try a list on stored comments before it is saved."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from moderation.domain.policy import Policy
from moderation.domain.rules import (
    SPARED_BY_NAME,
    Effect,
    Facts,
    Hit,
    Mode,
    Rule,
    RuleKind,
    RuleMatch,
    match_rules,
)
from moderation.domain.scorer import Reading, Scorer
from moderation.domain.verdict import Assessment, Verdict
from moderation.domain.words import words_of
from moderation.services import policies
from moderation.services.consulting import find_hits
from moderation.services.matching import Entry
from moderation.services.rule_changes import ListDraft
from moderation.services.rulebook import Rulebook, build_book
from moderation.storage import comments, rules
from moderation.storage import policies as stored_policies
from moderation.storage.comments import StoredComment

DRY_RUN_COMMENTS = 10_000
_SAMPLES = 20


@dataclass(slots=True)
class DryRun:
    """What a list would have done to the site's last comments, had it stood then.

    ``would_change`` counts comments by the verdict they got and the one they would have got.
    """

    comments: int = 0
    matched: int = 0
    would_change: dict[tuple[Verdict, Verdict], int] = field(default_factory=dict)
    samples: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Trial:
    """The site's lists of one kind, with the draft in its place and without any."""

    draft: Rule
    with_draft: Rulebook
    without: Rulebook

    def find(self, comment: StoredComment) -> tuple[bool, tuple[RuleMatch, ...]]:
        """Say whether the draft touches a comment, and return the matches there would have been.

        An allow list matches nothing itself: it touches what it shields from other lists.
        """
        hits = _hits(self.with_draft, comment)
        touched = any(hit.rule is self.draft for hit in hits)
        if self.draft.effect is Effect.ALLOW and not touched:
            touched = _names(hits) != _names(_hits(self.without, comment))
        kept = [one for one in comment.assessment.rules if one.kind is not self.draft.kind]
        found = match_rules(self.with_draft.rules, Facts(hits=hits))
        if any(
            one.kind is RuleKind.AUTHORS and one.effect is Effect.ALLOW and not one.observed
            for one in found
        ):
            kept = [one for one in kept if one.kind not in SPARED_BY_NAME]
        return touched, (*kept, *found)


def dry_run(tx: sa.Connection, scorer: Scorer, site_id: int, draft: ListDraft) -> DryRun:
    """Try a list on the site's last comments, in the place of the one that has its name.

    It is tried as if it acted, beside the site's other lists as they are. Nothing is written.
    """
    trial = _prepare(tx, site_id, draft)
    newest = stored_policies.newest_by_section(tx, site_id)
    seen = DryRun()
    for comment in comments.list_last(tx, site_id, limit=DRY_RUN_COMMENTS):
        seen.comments += 1
        touched, matches = trial.find(comment)
        if touched:
            seen.matched += 1
            if len(seen.samples) < _SAMPLES:
                seen.samples.append((comment.comment_id, comment.text))
        was = comment.assessment
        if not touched and not any(match.rule == draft.name for match in was.rules):
            continue
        policy = policies.choose(newest, comment.article.section, scorer).policy
        would = _would_be(was, policy, matches)
        if would is not was.verdict:
            change = was.verdict, would
            seen.would_change[change] = seen.would_change.get(change, 0) + 1
    return seen


def _prepare(tx: sa.Connection, site_id: int, draft: ListDraft) -> _Trial:
    rule = Rule(0, site_id, draft.name, draft.kind, draft.effect, Mode.ON, 0, {})
    others = [
        one
        for one in rules.list_rules(tx, site_id)
        if one.kind is draft.kind and one.mode is not Mode.OFF and one.name != draft.name
    ]
    entries = [
        Entry(one, stored.written, stored.read_as)
        for one in others
        for stored in rules.list_entries(tx, one.id)
    ]
    drafted = [Entry(rule, one.written, one.read_as) for one in draft.entries]
    return _Trial(
        rule,
        build_book([*others, rule], {draft.kind: [*entries, *drafted]}),
        build_book(others, {draft.kind: entries}),
    )


def _hits(book: Rulebook, comment: StoredComment) -> tuple[Hit, ...]:
    read_as = comment.assessment.read_as
    reading = Reading(comment.assessment.scores, read_as)
    return find_hits(book, read_as, reading, words_of(read_as), comment.author)


def _names(hits: Iterable[Hit]) -> list[tuple[str, tuple[str, ...]]]:
    return [(hit.rule.name, hit.entries) for hit in hits]


def _would_be(assessment: Assessment, policy: Policy, matches: tuple[RuleMatch, ...]) -> Verdict:
    """Return the verdict these matches would have given.

    A comment that waits for no stated reason was in a language the model does not know.
    """
    explained = bool(assessment.reasons or assessment.rules)
    return policy.decide(
        assessment.scores,
        matches,
        known_language=explained or assessment.verdict is not Verdict.REVIEW,
    ).verdict
