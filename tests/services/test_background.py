from datetime import timedelta

import pytest

from moderation.domain.comment import Author, Submission
from moderation.domain.decision import Decision
from moderation.services import background, review
from moderation.services.background import History
from moderation.services.intake import Intake
from moderation.services.records import Record
from moderation.storage import sites
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer

BUDI = Author(id="u-3", name="Budi", email="budi@surat.example")


@pytest.fixture
def intake(database: Database, scorer: FakeScorer) -> Intake:
    return Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"))


def submit(
    intake: Intake, site: Site, comment_id: str, text: str, author: Author, revision: int = 1
) -> Record:
    record, _ = intake.submit(
        site, Submission(comment_id, text, revision, author=author), now=MONDAY
    )
    return record


def history(database: Database, record: Record) -> History | None:
    with database.reading() as tx:
        return background.find_history(tx, record.comment)


def test_a_history_counts_what_people_and_the_machine_rejected(
    database: Database, intake: Intake, site: Site
) -> None:
    submit(intake, site, "c-1", "situs gacor", BUDI)
    published = submit(intake, site, "c-2", "situs gacor juga", BUDI)
    submit(intake, site, "c-3", "terima kasih", BUDI)
    submit(intake, site, "c-4", "dasar goblok", BUDI)
    with database.writing() as tx:
        review.take_feedback(
            tx,
            site.id,
            published.comment.id,
            decision=Decision.APPROVE,
            labels=[],
            reporter="wp-admin",
            now=MONDAY + timedelta(hours=1),
        )

    found = history(database, submit(intake, site, "c-5", "goblok lagi", BUDI))

    assert found is not None
    assert (found.count, found.rejected, found.share_rejected) == (4, 1, 0.25)
    assert found.by_id
    assert found.last[0].comment.text == "situs gacor juga"


def test_the_sites_id_outranks_the_email_and_stays_within_the_site(
    database: Database, intake: Intake, site: Site
) -> None:
    with database.writing() as tx:
        other = sites.add_site(tx, "warta", now=MONDAY)
    submit(intake, site, "c-1", "atas nama orang", Author(email=BUDI.email))
    submit(intake, other, "c-2", "di situs lain", BUDI)

    found = history(database, submit(intake, site, "c-3", "dasar goblok", BUDI))

    assert found is not None
    assert found.count == 0


def test_a_guest_is_known_by_the_email_and_nobody_without_it(
    database: Database, intake: Intake, site: Site
) -> None:
    submit(intake, site, "c-1", "pertama", Author(email="Budi@surat.example "))
    submit(intake, site, "c-2", "kedua", Author())

    guest = history(database, submit(intake, site, "c-3", "ketiga", Author(email=BUDI.email)))

    assert guest is not None
    assert (guest.count, guest.by_id) == (1, False)
    assert history(database, submit(intake, site, "c-4", "keempat", Author())) is None


def test_earlier_revisions_of_the_same_comment_are_no_history(
    database: Database, intake: Intake, site: Site
) -> None:
    submit(intake, site, "c-1", "dasar goblok", BUDI)

    found = history(database, submit(intake, site, "c-1", "dasar goblok!", BUDI, revision=2))

    assert found is not None
    assert found.count == 0


def test_alike_are_waiting_comments_of_the_site_that_begin_the_same(
    database: Database, intake: Intake, site: Site
) -> None:
    with database.writing() as tx:
        other = sites.add_site(tx, "warta", now=MONDAY)
    first = submit(intake, site, "c-1", "Dasar goblok kamu semua", BUDI)
    second = submit(intake, site, "c-2", "DASAR, goblok. Kamu semua!", BUDI)
    submit(intake, other, "c-3", "dasar goblok kamu semua", BUDI)
    submit(intake, site, "c-4", "goblok", BUDI)
    short = submit(intake, site, "c-5", "goblok", BUDI)
    assert first.item is not None
    assert short.item is not None

    with database.reading() as tx:
        alike = background.find_alike(tx, first.item)
        none = background.find_alike(tx, short.item)

    assert [record.comment.id for record in alike] == [second.comment.id]
    assert none == []
