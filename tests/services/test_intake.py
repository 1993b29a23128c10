from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from moderation.domain.comment import Author, Story, Submission
from moderation.domain.verdict import Label, Verdict
from moderation.errors import ContentConflictError
from moderation.services.intake import Intake
from moderation.storage import queue, sites
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.queue import Filter
from moderation.storage.schema import comments
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer


@pytest.fixture
def intake(database: Database, scorer: FakeScorer) -> Intake:
    return Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"))


def waiting(database: Database) -> list[queue.QueueItem]:
    with database.reading() as tx:
        return queue.list_open(tx, Filter(), limit=100)


def test_a_clean_comment_is_approved_and_nobody_has_to_look(
    intake: Intake, database: Database, site: Site
) -> None:
    record, new = intake.submit(site, Submission("c-1", "Terima kasih."), now=MONDAY)

    assert new
    assert record.comment.assessment.verdict is Verdict.APPROVE
    assert record.item is None
    assert waiting(database) == []


def test_a_rejection_names_the_words_it_rests_on(intake: Intake, site: Site) -> None:
    record, _ = intake.submit(site, Submission("c-1", "Main di sini GACOR"), now=MONDAY)

    assessment = record.comment.assessment
    reason = assessment.reasons[0]
    assert assessment.verdict is Verdict.REJECT
    assert (reason.label, reason.threshold) == (Label.SPAM, 0.8)
    assert [span.text for span in reason.spans] == ["GACOR"]
    assert "GACOR" in reason.message


def test_a_borderline_comment_waits_with_its_section_and_labels(
    intake: Intake, database: Database, site: Site
) -> None:
    submission = Submission("c-1", "dasar goblok", article=Story(section="Daerah"))

    record, _ = intake.submit(site, submission, now=MONDAY)

    (item,) = waiting(database)
    assert record.item == item
    assert (item.section, item.labels, item.version) == ("Daerah", (Label.ABUSE,), 1)


def test_a_repeat_gives_the_stored_answer_even_from_a_changed_model(
    intake: Intake, scorer: FakeScorer, site: Site
) -> None:
    first, _ = intake.submit(site, Submission("c-1", "Terima kasih."), now=MONDAY)
    scorer.words["terima"] = {Label.SPAM: 0.99}

    again, new = intake.submit(
        site, Submission("c-1", "Terima kasih."), now=MONDAY + timedelta(hours=1)
    )

    assert not new
    assert again == first


def test_the_same_revision_with_other_words_is_a_conflict(intake: Intake, site: Site) -> None:
    intake.submit(site, Submission("c-1", "Terima kasih."), now=MONDAY)

    with pytest.raises(ContentConflictError, match="next revision"):
        intake.submit(site, Submission("c-1", "Terima kasih!"), now=MONDAY)


def test_an_edit_takes_its_earlier_revision_out_of_the_queue(
    intake: Intake, database: Database, site: Site
) -> None:
    submission = Submission("c-1", "dasar goblok")
    intake.submit(site, submission, now=MONDAY)

    intake.submit(site, replace(submission, text="goblok sekali", revision=2), now=MONDAY)

    (item,) = waiting(database)
    with database.reading() as tx:
        text = tx.execute(
            sa.select(comments.c.text).where(comments.c.id == item.comment_pk)
        ).scalar_one()
    assert text == "goblok sekali"


def test_an_early_revision_that_arrives_late_does_not_wait(
    intake: Intake, database: Database, site: Site
) -> None:
    late = Submission("c-1", "dasar goblok")
    intake.submit(site, replace(late, text="Terima kasih.", revision=2), now=MONDAY)

    record, new = intake.submit(site, late, now=MONDAY)

    assert new
    assert record.item is None
    assert waiting(database) == []


def test_two_sites_may_use_the_same_comment_id(
    intake: Intake, database: Database, site: Site
) -> None:
    with database.writing() as tx:
        other = sites.add_site(tx, "warta", now=MONDAY)

    intake.submit(site, Submission("c-1", "Satu."), now=MONDAY)
    _, new = intake.submit(other, Submission("c-1", "Dua."), now=MONDAY)

    assert new


def test_when_scoring_fails_the_comment_is_stored_and_a_person_looks(
    intake: Intake, scorer: FakeScorer, database: Database, site: Site
) -> None:
    scorer.broken = True

    record, _ = intake.submit(site, Submission("c-1", "Apa saja."), now=MONDAY)

    assert record.comment.assessment.verdict is Verdict.REVIEW
    assert record.comment.assessment.scores == {}
    assert len(waiting(database)) == 1


def test_neither_email_nor_address_is_stored(
    intake: Intake, database: Database, site: Site
) -> None:
    author = Author(name="Budi", email="budi@surat.example", ip="192.0.2.77")

    intake.submit(site, Submission("c-1", "Terima kasih.", author=author), now=MONDAY)

    with database.reading() as tx:
        row = tx.execute(sa.select(comments)).one()
    stored = " ".join(str(value) for value in row)
    assert "budi@surat.example" not in stored
    assert "192.0.2.77" not in stored
    assert row.author_network == "192.0.2.0/24"
    assert len(row.author_email_hash) == 64
