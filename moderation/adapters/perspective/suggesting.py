"""What a client's people say of a comment, as a decision the next model learns from."""

import json
from datetime import datetime

from moderation.adapters.perspective.asking import Suggestion
from moderation.adapters.perspective.attributes import ATTRIBUTES
from moderation.domain.comment import Parent, Story, Submission
from moderation.domain.decision import Decision
from moderation.domain.verdict import Label
from moderation.services import review
from moderation.services.intake import Intake
from moderation.services.records import Record
from moderation.storage.sites import Site


def take_suggestion(intake: Intake, site: Site, suggestion: Suggestion, *, now: datetime) -> Record:
    """Store the comment with the decision that the suggested scores amount to."""
    record, _ = intake.submit(site, _as_submission(intake, suggestion), now=now)
    decision, labels = _as_decision(suggestion, record)
    if record.ruling is not None and record.ruling.decision is decision:
        return record
    with intake.database.writing() as tx:
        return review.take_feedback(
            tx,
            site.id,
            record.comment.id,
            decision=decision,
            labels=labels,
            reporter=suggestion.community[:500] or site.name,
            now=now,
        )


def _as_decision(suggestion: Suggestion, record: Record) -> tuple[Decision, list[Label]]:
    """Read the scores: 0.5 or more of any attribute is a rejection with that attribute's labels.

    Where an attribute has several labels, or Coral gives the status its moderators set, nobody
    said which label was meant: it is what the machine saw too, otherwise ``abuse``.
    """
    given = [name for name, value in suggestion.scores.items() if value >= 0.5]
    if not set(given) - {"APPROVED"}:
        return Decision.APPROVE, []
    named = {ATTRIBUTES[name][0] for name in given if len(ATTRIBUTES.get(name, ())) == 1}
    seen = {reason.label for reason in record.comment.assessment.reasons}
    return Decision.REJECT, sorted(named or seen or {Label.ABUSE})


def _as_submission(intake: Intake, suggestion: Suggestion) -> Submission:
    passage = suggestion.passage
    article = passage.article.summary if passage.article else ""
    named = [passage.text, article, passage.parent, suggestion.community, suggestion.client_token]
    digest = intake.pseudonyms.hash("perspective-comment", json.dumps(named))
    return Submission(
        comment_id=f"perspective-{digest[:32]}",
        text=passage.text,
        article=Story(summary=article),
        parent=Parent(text=passage.parent or ""),
    )
