"""Comments whose site speaks Akismet: no comment id comes in, and reports name only the text."""

import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from moderation.domain.comment import Submission
from moderation.domain.decision import Decision
from moderation.domain.verdict import Label, Verdict
from moderation.errors import ContentConflictError
from moderation.services import review
from moderation.services.intake import Intake
from moderation.services.records import Record, find_record, find_record_by_comment_id
from moderation.storage import akismet
from moderation.storage.akismet import Candidate, Check, Tally
from moderation.storage.identity import Pseudonyms
from moderation.storage.sites import ApiKey

# Each `<` ends the search begun at the one before it, so this stays linear on any text.
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Counts:
    """What Akismet's clients show of a key: machine rejections, the rest, and the mistakes."""

    spam: int = 0
    ham: int = 0
    missed_spam: int = 0
    false_positives: int = 0

    @property
    def total(self) -> int:
        """Every check."""
        return self.spam + self.ham


def check(
    intake: Intake,
    key: ApiKey,
    submission: Submission,
    *,
    callback: str,
    again: bool,
    now: datetime,
) -> Record:
    """Take a comment in and remember how a later report will name it.

    ``again`` says that the site asks about a comment it holds already: it is answered with
    what is known of it, a person's decision above all.
    """
    if again:
        with intake.database.reading() as tx:
            known = _find(tx, intake.pseudonyms, key, submission)
        if known is not None:
            return known
    record = _take_in(intake, key, submission, now)
    checked = Check(
        comment_pk=record.comment.id,
        site_id=key.site.id,
        api_key_id=key.id,
        text_hash=_hash_text(intake.pseudonyms, submission.text),
        callback=callback,
        checked_at=now,
    )
    intake.database.write(lambda tx: akismet.add_check(tx, checked))
    return record


def report(
    intake: Intake,
    key: ApiKey,
    submission: Submission,
    *,
    decision: Decision,
    reporter: str,
    now: datetime,
) -> Record:
    """Take what the site's people decided; a comment never checked here is taken in first."""
    with intake.database.reading() as tx:
        record = _find(tx, intake.pseudonyms, key, submission)
    if record is None:
        record = check(intake, key, submission, callback="", again=False, now=now)
    if record.ruling is not None and record.ruling.decision is decision:
        return record
    with intake.database.writing() as tx:
        return review.take_feedback(
            tx,
            key.site.id,
            record.comment.id,
            decision=decision,
            labels=_labels(record, decision),
            reporter=reporter or key.site.name,
            now=now,
        )


def count(
    tx: sa.Connection, key: ApiKey, *, days: int | None, now: datetime
) -> dict[tuple[int, int], Counts]:
    """Count a key's checks of the last days, or all, by year and month."""
    since = None if days is None else now - timedelta(days=days)
    counted: dict[tuple[int, int], Counts] = {}
    for part in akismet.tally(tx, key.id, since=since):
        month = (part.year, part.month)
        counted[month] = add_counts([counted.get(month, Counts()), _as_counts(part)])
    return counted


def add_counts(parts: Sequence[Counts]) -> Counts:
    """Return the sum."""
    return Counts(
        sum(part.spam for part in parts),
        sum(part.ham for part in parts),
        sum(part.missed_spam for part in parts),
        sum(part.false_positives for part in parts),
    )


def _as_counts(part: Tally) -> Counts:
    spam = part.verdict is Verdict.REJECT
    return Counts(
        spam=part.count if spam else 0,
        ham=0 if spam else part.count,
        missed_spam=part.count if not spam and part.decision is Decision.REJECT else 0,
        false_positives=part.count if spam and part.decision is Decision.APPROVE else 0,
    )


def _take_in(intake: Intake, key: ApiKey, submission: Submission, now: datetime) -> Record:
    named = replace(submission, comment_id=_name(intake.pseudonyms, submission))
    try:
        return intake.submit(key.site, named, now=now)[0]
    except ContentConflictError:
        # The same words by the same writer in the same place, asked about again with another
        # user agent or link: it is the comment we know.
        with intake.database.reading() as tx:
            return find_record_by_comment_id(tx, key.site.id, named.comment_id)


def _name(pseudonyms: Pseudonyms, submission: Submission) -> str:
    """Return the id a comment gets: the same for the same words, writer and place."""
    article, author = submission.article, submission.author
    place = article.id or article.url
    parts = [place, author.name, author.email, author.url, author.ip, submission.text]
    parts.append(submission.parent.comment_id)
    return "akismet-" + pseudonyms.hash("akismet-comment", json.dumps(parts))[:32]


def _hash_text(pseudonyms: Pseudonyms, text: str) -> str:
    """Hash the words alone: a site cleans tags, entities and line ends after the check."""
    words = " ".join(html.unescape(_TAG.sub("", text)).split())
    return pseudonyms.hash("akismet-text", words or text)


def _find(
    tx: sa.Connection, pseudonyms: Pseudonyms, key: ApiKey, submission: Submission
) -> Record | None:
    """Return the checked comment that agrees with all a report says, the newest such."""
    author = submission.author
    asked = (
        submission.article.id,
        pseudonyms.email(author.email),
        pseudonyms.ip(author.ip),
        author.name,
    )
    found = akismet.list_candidates(tx, key.site.id, _hash_text(pseudonyms, submission.text))
    agreeing = [candidate for candidate in found if _agrees(candidate, asked)]
    return find_record(tx, key.site.id, agreeing[0].comment_pk) if agreeing else None


def _agrees(candidate: Candidate, asked: tuple[str, ...]) -> bool:
    """Say whether nothing that both sides know differs: copies of one text have many writers."""
    known = (
        candidate.article_id,
        candidate.email_hash,
        candidate.ip_hash,
        candidate.author_name,
    )
    return all(
        not ours or not theirs or ours == theirs for ours, theirs in zip(known, asked, strict=True)
    )


def _labels(record: Record, decision: Decision) -> list[Label]:
    """Return why the site rejected it: what the machine saw too, otherwise spam as it says.

    The button reads "spam" whatever the moderator means, so an insult the machine recognised
    is not taught to the next model as an advertisement.
    """
    if decision is Decision.APPROVE:
        return []
    seen = [reason.label for reason in record.comment.assessment.reasons]
    return seen or [Label.SPAM]
