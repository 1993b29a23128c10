"""Assess texts that are stored nowhere, as their site would have them assessed."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from moderation.domain.policy import Policy
from moderation.domain.scorer import Passage
from moderation.domain.verdict import Assessment
from moderation.services.assessing import assess
from moderation.services.intake import Intake
from moderation.storage.sites import Site


def score(
    intake: Intake, site: Site, passages: Sequence[Passage], *, now: datetime
) -> list[Assessment]:
    """Assess passages, in order, by the site's thresholds and its lists of words and domains.

    What needs a writer or other comments is left out: lists of authors, and every rule that looks
    at history, copies or how busy an article is.
    """
    consult = None if intake.counsel is None else intake.counsel.lists_of(site.id, now=now)
    assessed: dict[int, Assessment] = {}
    for policy, places in _by_policy(intake, site, passages):
        given = assess(intake.scorer, [passages[at] for at in places], consult, policy)
        assessed.update(zip(places, given, strict=True))
    return [assessed[at] for at in range(len(passages))]


def _by_policy(
    intake: Intake, site: Site, passages: Sequence[Passage]
) -> list[tuple[Policy, list[int]]]:
    """Return each policy with the places of the passages it holds for."""
    sections: dict[str, list[int]] = defaultdict(list)
    for at, passage in enumerate(passages):
        sections[passage.article.section if passage.article else ""].append(at)
    found: dict[str, tuple[Policy, list[int]]] = {}
    for section, places in sections.items():
        policy = intake.policy_for(site, section)
        found.setdefault(policy.version, (policy, []))[1].extend(places)
    return list(found.values())
