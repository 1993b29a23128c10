"""Assess texts that are stored nowhere, as their site would have them assessed."""

from collections.abc import Sequence
from datetime import datetime

from moderation.domain.scorer import Passage
from moderation.domain.verdict import Assessment
from moderation.services.assessing import Question, answer
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
    sections = [passage.article.section if passage.article else "" for passage in passages]
    policies = {section: intake.policy_for(site, section) for section in set(sections)}
    questions = [
        Question(passage, policies[section], consult)
        for passage, section in zip(passages, sections, strict=True)
    ]
    return answer(intake.scorer, questions)
