from datetime import datetime, timedelta
from itertools import count

import pytest
import sqlalchemy as sa

from moderation.domain.comment import Author, Story, Submission
from moderation.domain.decision import Decision
from moderation.domain.rules import AuthorStanding, Mode, RuleKind
from moderation.domain.verdict import Label, Verdict
from moderation.services import review, rule_changes
from moderation.services.consulting import Counsel
from moderation.services.intake import Intake
from moderation.storage import precedents, rule_hits
from moderation.storage.author_history import AskedAuthor
from moderation.storage.comments import StoredComment
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.schema import audit_log
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer

NUMBERS = count()


@pytest.fixture
def intake(database: Database, scorer: FakeScorer) -> Intake:
    return Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"), Counsel(database))


def switch_on(
    database: Database, site: Site, kind: RuleKind, *, mode: Mode = Mode.ON, **parameters: float
) -> None:
    with database.writing() as tx:
        rule_changes.set_rule(tx, site.id, kind, mode, parameters, by="sari", now=MONDAY)


def submit(
    intake: Intake,
    site: Site,
    text: str = "Terima kasih.",
    *,
    now: datetime = MONDAY,
    article: str = "a-7",
    **author: str,
) -> StoredComment:
    submission = Submission(
        f"c-{next(NUMBERS)}", text, article=Story(id=article), author=Author(**author)
    )
    return intake.submit(site, submission, now=now)[0].comment


def decide(database: Database, site: Site, comment: StoredComment, decision: Decision) -> None:
    with database.writing() as tx:
        review.take_feedback(
            tx,
            site.id,
            comment.id,
            decision=decision,
            labels=[Label.SPAM],
            reporter="sari",
            now=MONDAY,
        )


def test_first_comments_wait_until_enough_were_approved_by_people(
    intake: Intake, database: Database, site: Site
) -> None:
    switch_on(database, site, RuleKind.FIRST_COMMENTS, approved=2)

    for _ in range(2):
        comment = submit(intake, site, id="u-1")
        assert comment.assessment.verdict is Verdict.REVIEW
        decide(database, site, comment, Decision.APPROVE)

    assert submit(intake, site, id="u-1").assessment.verdict is Verdict.APPROVE
    assert submit(intake, site, id="u-2").assessment.verdict is Verdict.REVIEW


def test_an_email_is_an_identity_and_a_name_is_none(
    intake: Intake, database: Database, site: Site
) -> None:
    known = [submit(intake, site, email="budi@surat.example", name="Budi") for _ in range(3)]
    switch_on(database, site, RuleKind.FIRST_COMMENTS, approved=2)
    later = MONDAY + timedelta(seconds=2)

    assert all(one.assessment.verdict is Verdict.APPROVE for one in known)
    same = submit(intake, site, email="BUDI@surat.example", now=later)
    assert same.assessment.verdict is Verdict.APPROVE
    assert submit(intake, site, name="Budi", now=later).assessment.verdict is Verdict.REVIEW


def test_an_author_whose_comments_are_mostly_rejected_is_held(
    intake: Intake, database: Database, site: Site
) -> None:
    switch_on(database, site, RuleKind.REJECTED_SHARE, share=0.5, at_least=2, window_days=7)
    submit(intake, site, id="u-1")
    submit(intake, site, "gacor", id="u-1")
    assert submit(intake, site, id="u-1").assessment.verdict is Verdict.APPROVE
    for _ in range(2):
        submit(intake, site, "gacor", id="u-1")

    held = submit(intake, site, id="u-1").assessment
    after_the_window = submit(intake, site, id="u-1", now=MONDAY + timedelta(days=8)).assessment

    assert held.verdict is Verdict.REVIEW
    assert "3 dari 5" in held.rules[0].message
    assert after_the_window.verdict is Verdict.APPROVE


def test_a_decision_counts_more_than_the_machines_verdict(
    intake: Intake, database: Database, site: Site
) -> None:
    switch_on(database, site, RuleKind.REJECTED_SHARE, share=0.5, at_least=2)
    wrongly = [submit(intake, site, "gacor", id="u-1") for _ in range(2)]
    assert submit(intake, site, id="u-1").assessment.verdict is Verdict.REVIEW

    for comment in wrongly:
        decide(database, site, comment, Decision.APPROVE)

    assert submit(intake, site, id="u-1").assessment.verdict is Verdict.APPROVE


def test_a_trusted_author_skips_the_band_and_nothing_else(
    intake: Intake, database: Database, site: Site, scorer: FakeScorer
) -> None:
    switch_on(database, site, RuleKind.TRUSTED_AUTHOR, approved=3)
    scorer.words["bakar mereka"] = {Label.HATE: 0.9, Label.THREAT: 0.9}
    for _ in range(3):
        submit(intake, site, id="u-1")

    assert submit(intake, site, "dasar goblok", id="u-1").assessment.verdict is Verdict.APPROVE
    assert submit(intake, site, "dasar goblok", id="u-2").assessment.verdict is Verdict.REVIEW
    assert submit(intake, site, "bakar mereka", id="u-1").assessment.verdict is Verdict.REJECT
    assert submit(intake, site, "dasar goblok", id="u-1").assessment.verdict is Verdict.REVIEW


def test_an_article_tightens_while_it_is_hot_and_relaxes_afterwards(
    intake: Intake, database: Database, site: Site, scorer: FakeScorer
) -> None:
    switch_on(database, site, RuleKind.HOT_ARTICLE, comments=5, step=0.5, calm_minutes=30)
    scorer.words["kurang ajar"] = {Label.ABUSE: 0.2}
    for _ in range(5):
        submit(intake, site)

    def mild(minutes: float, article: str = "a-7") -> Verdict:
        now = MONDAY + timedelta(minutes=minutes)
        return submit(intake, site, "kurang ajar", now=now, article=article).assessment.verdict

    assert mild(1) is Verdict.REVIEW
    assert mild(1, "a-8") is Verdict.APPROVE
    assert mild(25) is Verdict.REVIEW
    assert mild(32) is Verdict.APPROVE
    with database.reading() as tx:
        acts = tx.execute(
            sa.select(audit_log.c.act, audit_log.c.subject)
            .where(audit_log.c.act.startswith("article."))
            .order_by(audit_log.c.id)
        ).all()
    assert [tuple(row) for row in acts] == [("article.hot", "a-7"), ("article.calm", "a-7")]


def test_many_rejections_alone_make_an_article_hot(
    intake: Intake, database: Database, site: Site
) -> None:
    switch_on(database, site, RuleKind.HOT_ARTICLE, rejected_share=0.5, at_least=3)
    for _ in range(3):
        submit(intake, site, "gacor")

    later = MONDAY + timedelta(seconds=11)
    matches = submit(intake, site, now=later).assessment.rules

    assert [match.kind for match in matches] == [RuleKind.HOT_ARTICLE]


@pytest.mark.parametrize("kind", [RuleKind.FIRST_COMMENTS, RuleKind.HOT_ARTICLE])
def test_an_observing_rule_is_reported_and_changes_nothing(
    intake: Intake, database: Database, site: Site, kind: RuleKind
) -> None:
    switch_on(database, site, kind, mode=Mode.OBSERVE, **({"comments": 1} if "hot" in kind else {}))
    submit(intake, site)

    later = MONDAY + timedelta(seconds=11)
    assessment = submit(intake, site, now=later).assessment

    assert assessment.verdict is Verdict.APPROVE
    assert [(match.kind, match.observed) for match in assessment.rules] == [(kind, True)]


def test_sending_a_comment_again_counts_nothing_twice(
    intake: Intake, database: Database, site: Site
) -> None:
    switch_on(database, site, RuleKind.FIRST_COMMENTS)
    submission = Submission("c-same", "Halo.", author=Author(id="u-1"))

    first = intake.submit(site, submission, now=MONDAY)
    again = intake.submit(site, submission, now=MONDAY)

    assert (first[1], again[1]) == (True, False)
    assert again[0].comment.assessment == first[0].comment.assessment
    with database.reading() as tx:
        assert [one.matched for one in rule_hits.count(tx, site.id).values()] == [1]


def test_each_rule_on_authors_looks_back_over_its_own_window(
    intake: Intake, database: Database, site: Site
) -> None:
    author = AskedAuthor(
        site.id, "id:u-1", share_since=MONDAY - timedelta(days=1), trust_since=MONDAY
    )
    for days in (2.0, 0.5, 0.0):
        submit(intake, site, "situs gacor", now=MONDAY - timedelta(days=days), id="u-1")

    with database.reading() as tx:
        standing = precedents.find(tx, author, None).author

    assert standing == AuthorStanding(0, 0, 2, 1)
