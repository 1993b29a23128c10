"""Take a reader's comment in: assess it, store it, queue it if a person must look."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from moderation.domain.comment import Submission
from moderation.domain.policy import Policy
from moderation.domain.scorer import Scorer
from moderation.domain.verdict import Assessment, Verdict
from moderation.errors import ContentConflictError
from moderation.metrics import count_decision
from moderation.services import outbox
from moderation.services.assessing import assess
from moderation.services.consulting import Counsel, Keep
from moderation.services.policies import PolicyBook
from moderation.services.queueing import item_for
from moderation.services.records import Record, complete
from moderation.services.shadowing import Shadow
from moderation.services.spot_checks import SpotChecks
from moderation.storage import comments, queue
from moderation.storage.comments import StoredAuthor, StoredComment
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms, network_of, new_id
from moderation.storage.queue import QueueItem
from moderation.storage.sites import Site


@dataclass(frozen=True, slots=True)
class Intake:
    """What taking a comment in needs, the same for every request."""

    database: Database
    scorer: Scorer
    pseudonyms: Pseudonyms
    counsel: Counsel | None = None
    policies: PolicyBook | None = None
    spot_checks: SpotChecks | None = None
    shadow: Shadow | None = None

    def submit(self, site: Site, submission: Submission, *, now: datetime) -> tuple[Record, bool]:
        """Store a comment durably; return its record and whether it is new.

        The same revision with the same content gives the stored assessment again, whatever
        the model says today. Raise ``ContentConflictError`` if the content differs.
        """
        author = self._as_stored_author(submission)
        policy = self.policy_for(site, submission.article.section)
        consultation = None
        if self.counsel is not None:
            consultation = self.counsel.open(site.id, submission.article.id, author, now=now)
        assessment = assess(self.scorer, [submission.passage()], consultation, policy)[0]
        comment = self._as_stored(site, submission, author, assessment, now)
        keep = None
        if consultation is not None:
            keep = consultation.conclude(assessment, policy)
            comment = replace(comment, campaign_id=consultation.campaign_id)
        if self.spot_checks is not None:
            keep = self.spot_checks.draw(comment, keep)
        record, new = self.database.write(lambda tx: _store(tx, comment, now, keep))
        if new:
            labels = tuple(reason.label.value for reason in assessment.reasons)
            count_decision(assessment.verdict.value, "model", labels)
            if self.shadow is not None:
                self.shadow.offer(comment, submission.passage())
        return record, new

    def _as_stored_author(self, submission: Submission) -> StoredAuthor:
        author = submission.author
        return StoredAuthor(
            id=author.id,
            name=author.name,
            url=author.url,
            user_agent=author.user_agent,
            email_hash=self.pseudonyms.email(author.email),
            ip_hash=self.pseudonyms.ip(author.ip),
            network=network_of(author.ip),
        )

    def policy_for(self, site: Site, section: str) -> Policy:
        """Return the newsroom's own thresholds where it has set some, else the model's."""
        if self.policies is None:
            return self.scorer.policy
        return self.policies.find(site, section, self.scorer).policy

    def _as_stored(
        self,
        site: Site,
        submission: Submission,
        author: StoredAuthor,
        assessment: Assessment,
        now: datetime,
    ) -> StoredComment:
        return StoredComment(
            id=new_id(now),
            site_id=site.id,
            comment_id=submission.comment_id,
            revision=submission.revision,
            content_digest=self.pseudonyms.hash("content", _as_content(submission)),
            text=submission.text,
            article=submission.article,
            author=author,
            parent=submission.parent,
            submitted_at=submission.submitted_at,
            received_at=now,
            assessment=assessment,
        )


def _as_content(submission: Submission) -> str:
    """Return everything the site sent, in an unambiguous form, to tell a repeat from an edit."""
    article, author, parent = submission.article, submission.author, submission.parent
    sent_at = submission.submitted_at
    parts = [submission.text, sent_at.isoformat() if sent_at else ""]
    parts += [article.id, article.url, article.title, article.section, article.summary]
    parts += [author.id, author.name, author.email, author.url, author.ip, author.user_agent]
    return json.dumps([*parts, parent.comment_id, parent.text], ensure_ascii=False)


def _store(
    tx: sa.Connection, comment: StoredComment, now: datetime, keep: Keep | None = None
) -> tuple[Record, bool]:
    if comments.add(tx, comment):
        if keep is not None:
            keep(tx, comment.id, now)
        return Record(comment, _enqueue(tx, comment, now)), True
    return _find_again(tx, comment), False


def _find_again(tx: sa.Connection, comment: StoredComment) -> Record:
    stored = comments.find_revision(tx, comment.site_id, comment.comment_id, comment.revision)
    if stored is not None and stored.erased_at is not None:
        return complete(tx, stored)  # a late repeat must not bring an erased text back
    if stored is None or stored.content_digest != comment.content_digest:
        raise ContentConflictError(
            f"comment {comment.comment_id!r}, revision {comment.revision}, was handed in before "
            "with other content; send an edited comment with the next revision number"
        )
    return complete(tx, stored)


def _enqueue(tx: sa.Connection, comment: StoredComment, now: datetime) -> QueueItem | None:
    """Queue a comment that needs a person, and take its earlier revisions out of the queue."""
    if comment.revision > 1:
        queue.close_superseded(
            tx, comment.site_id, comment.comment_id, before=comment.revision, now=now
        )
    assessment = comment.assessment
    if assessment.verdict is not Verdict.REVIEW or comments.has_newer(
        tx, comment.site_id, comment.comment_id, comment.revision
    ):
        return None
    item = item_for(comment, now=now)
    queue.add(tx, item)
    outbox.announce_queued(tx, comment, item)
    return item
