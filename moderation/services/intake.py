"""Take a reader's comment in: assess it, store it, queue it if a person must look."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from moderation.domain.comment import Submission
from moderation.domain.policy import Policy
from moderation.domain.scorer import Scorer
from moderation.domain.verdict import Assessment, Verdict
from moderation.errors import ContentConflictError
from moderation.metrics import count_decision
from moderation.services import assessing, outbox
from moderation.services.assessing import Question
from moderation.services.consulting import Consultation, Counsel, Keep
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
        arrival = self.receive(site, submission, now=now)
        stored = self.database.write(arrival, _assess)
        return self._count(arrival, stored)

    def submit_all(
        self, arrivals: Sequence["Arrival"]
    ) -> list[tuple[Record, bool] | BaseException]:
        """Store comments that came together as ``submit`` does one; return what failed for each."""
        return [
            error if error is not None else self._count(arrival, stored)
            for arrival, (stored, error) in zip(
                arrivals, self.database.write_all(arrivals, _assess), strict=True
            )
        ]

    def _count(self, arrival: "Arrival", stored: tuple[Record, bool]) -> tuple[Record, bool]:
        record, new = stored
        if new:
            assessment = record.comment.assessment
            labels = tuple(reason.label.value for reason in assessment.reasons)
            count_decision(assessment.verdict.value, "model", labels)
            if self.shadow is not None:
                self.shadow.offer(record.comment, arrival.submission.passage())
        return stored

    def receive(self, site: Site, submission: Submission, *, now: datetime) -> "Arrival":
        """Return a comment on its way, with what is known of its author and its site's rules."""
        author = self._as_stored_author(submission)
        policy = self.policy_for(site, submission.article.section)
        consultation = None
        if self.counsel is not None:
            consultation = self.counsel.open(site.id, submission.article.id, author, now=now)
        return Arrival(self, site, submission, now, author, policy, consultation)

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


@dataclass(slots=True, eq=False)
class Arrival:
    """A comment on its way: assessed with those that arrive together, then stored."""

    intake: Intake
    site: Site
    submission: Submission
    now: datetime
    author: StoredAuthor
    policy: Policy
    consultation: Consultation | None
    comment: StoredComment = field(init=False)
    keep: Keep | None = None

    def __call__(self, tx: sa.Connection) -> tuple[Record, bool]:
        """Store the comment with its assessment."""
        return _store(tx, self.comment, self.now, self.keep)

    def question(self) -> Question:
        """Return what the machine is asked about the comment."""
        return Question(self.submission.passage(), self.policy, self.consultation)

    def conclude(self, assessment: Assessment) -> None:
        """Take the machine's answer, and see what is to be written."""
        self.comment = self._as_stored(assessment)
        if self.consultation is not None:
            self.keep = self.consultation.conclude(assessment, self.policy)
        if self.intake.spot_checks is not None:
            self.keep = self.intake.spot_checks.draw(self.comment, self.keep)

    def _as_stored(self, assessment: Assessment) -> StoredComment:
        submission, digest = self.submission, self.intake.pseudonyms.hash
        return StoredComment(
            id=new_id(self.now),
            site_id=self.site.id,
            comment_id=submission.comment_id,
            revision=submission.revision,
            content_digest=digest("content", _as_content(submission)),
            text=submission.text,
            article=submission.article,
            author=self.author,
            parent=submission.parent,
            submitted_at=submission.submitted_at,
            received_at=self.now,
            assessment=assessment,
            campaign_id=None if self.consultation is None else self.consultation.campaign_id,
        )


def _assess(arrivals: Sequence[Arrival]) -> None:
    """Assess comments that arrived together; together they cost half of what each does alone."""
    # More than one scorer only at the moment a new champion takes over.
    for scorer in {id(one.intake.scorer): one.intake.scorer for one in arrivals}.values():
        asked = [one for one in arrivals if one.intake.scorer is scorer]
        answers = assessing.answer(scorer, [one.question() for one in asked])
        for arrival, assessment in zip(asked, answers, strict=True):
            arrival.conclude(assessment)


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
