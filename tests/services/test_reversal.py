from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from moderation.domain.comment import Submission
from moderation.domain.decision import Decision, Source
from moderation.domain.verdict import Label
from moderation.errors import InvalidError, StaleItemError
from moderation.services import reversal, review
from moderation.services.intake import Intake
from moderation.services.records import Record, find_record
from moderation.services.review import Hold
from moderation.storage import decisions
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.queue import Filter
from moderation.storage.schema import audit_log
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer

LEASE = timedelta(minutes=10)
UNDO = timedelta(seconds=10)
FINAL = timedelta(seconds=12)


@pytest.fixture
def intake(database: Database, scorer: FakeScorer) -> Intake:
    return Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"))


def wait(intake: Intake, site: Site, comment_id: str = "c-1") -> UUID:
    record, _ = intake.submit(site, Submission(comment_id, "dasar goblok"), now=MONDAY)
    assert record.item is not None
    return record.item.id


def decide(
    database: Database,
    item_id: UUID,
    *,
    source: Source = Source.CONSOLE,
    later: timedelta = timedelta(),
) -> Record:
    """Sari rejects the comment; the item is then at version 3."""
    with database.writing() as tx:
        review.claim_one(tx, item_id, moderator="sari", lease=LEASE, now=MONDAY + later)
        return review.decide(
            tx,
            item_id,
            Hold(2, "sari"),
            site_id=None,
            decision=Decision.REJECT,
            labels=[Label.ABUSE],
            note="",
            source=source,
            now=MONDAY + later,
            undo=UNDO,
        )


def undo(
    database: Database,
    item_id: UUID,
    *,
    moderator: str = "sari",
    version: int = 3,
    later: timedelta = timedelta(),
) -> Record:
    with database.writing() as tx:
        return reversal.undo(
            tx, item_id, version=version, moderator=moderator, lease=LEASE, now=MONDAY + later
        )


def overrule(database: Database, item_id: UUID, *, version: int = 3, labels: int = 1) -> Record:
    with database.writing() as tx:
        return reversal.overrule(
            tx,
            item_id,
            version=version,
            moderator="joko",
            decision=Decision.REJECT,
            labels=[Label.HATE][:labels],
            note="",
            now=MONDAY + timedelta(minutes=1),
            undo=UNDO,
        )


def heard(database: Database, site: Site, *, later: timedelta, after: int = 0) -> list[int]:
    """The numbers of the decisions a polling site gets."""
    with database.reading() as tx:
        found = decisions.list_after(tx, site.id, after, limit=10, now=MONDAY + later)
    return [decided.seq for decided in found]


def test_a_site_hears_of_a_decision_when_it_can_no_longer_be_undone(
    database: Database, intake: Intake, site: Site
) -> None:
    decide(database, wait(intake, site))

    assert heard(database, site, later=FINAL - timedelta(milliseconds=1)) == []
    assert heard(database, site, later=FINAL) == [1]


def test_a_decision_over_the_api_is_heard_at_once(
    database: Database, intake: Intake, site: Site
) -> None:
    decide(database, wait(intake, site), source=Source.API)

    assert heard(database, site, later=timedelta()) == [1]


def test_a_polling_site_never_reads_past_a_decision_that_still_waits(
    database: Database, intake: Intake, site: Site
) -> None:
    decide(database, wait(intake, site, "c-1"))
    second = wait(intake, site, "c-2")
    decide(database, second, source=Source.API, later=timedelta(seconds=1))

    assert heard(database, site, later=timedelta(seconds=2)) == []
    assert heard(database, site, later=FINAL) == [1, 2]


def test_an_undone_decision_is_never_heard_and_holds_nothing_up(
    database: Database, intake: Intake, site: Site
) -> None:
    first = wait(intake, site, "c-1")
    decide(database, first)
    decide(database, wait(intake, site, "c-2"), source=Source.API)

    undo(database, first, later=timedelta(seconds=3))

    assert heard(database, site, later=timedelta(seconds=3)) == [2]
    assert heard(database, site, later=FINAL) == [2]


def test_undoing_gives_the_comment_back_to_the_one_who_decided(
    database: Database, intake: Intake, site: Site
) -> None:
    item_id = wait(intake, site)
    decide(database, item_id)

    record = undo(database, item_id, later=UNDO)

    assert record.ruling is None
    assert record.item is not None
    assert (record.item.closed_at, record.item.holder) == (None, "sari")
    assert record.item.lease_until == MONDAY + UNDO + LEASE
    with database.reading() as tx:
        acts = tx.execute(sa.select(audit_log.c.act).order_by(audit_log.c.id)).scalars().all()
    assert acts == ["comment.reject", "comment.undo"]


@pytest.mark.parametrize(
    ("moderator", "version", "seconds"),
    [("joko", 3, 0), ("sari", 2, 0), ("sari", 3, 11)],
    ids=["somebody else", "another version", "too late"],
)
def test_what_cannot_be_undone_stays(
    database: Database, intake: Intake, site: Site, moderator: str, version: int, seconds: int
) -> None:
    item_id = wait(intake, site)
    decide(database, item_id)

    with pytest.raises(StaleItemError):
        undo(
            database,
            item_id,
            moderator=moderator,
            version=version,
            later=timedelta(seconds=seconds),
        )

    assert heard(database, site, later=FINAL) == [1]


def test_nothing_is_undone_twice(database: Database, intake: Intake, site: Site) -> None:
    item_id = wait(intake, site)
    decide(database, item_id)
    undo(database, item_id)

    with pytest.raises(StaleItemError):
        undo(database, item_id)


def test_feedback_of_the_site_cannot_be_undone_here(
    database: Database, intake: Intake, site: Site
) -> None:
    item_id = wait(intake, site)
    record = decide(database, item_id)
    with database.writing() as tx:
        review.take_feedback(
            tx,
            site.id,
            record.comment.id,
            decision=Decision.APPROVE,
            labels=[],
            reporter="sari",
            now=MONDAY + timedelta(seconds=1),
        )

    with pytest.raises(StaleItemError):
        undo(database, item_id, later=timedelta(seconds=2))


def test_an_edited_comment_does_not_wait_twice_after_an_undo(
    database: Database, intake: Intake, site: Site
) -> None:
    item_id = wait(intake, site)
    decide(database, item_id)
    intake.submit(site, Submission("c-1", "dasar goblok!", revision=2), now=MONDAY)

    undo(database, item_id)

    with database.writing() as tx:
        (claimed,) = review.claim(tx, Filter(), moderator="joko", count=10, lease=LEASE, now=MONDAY)
    assert claimed.comment.revision == 2


def test_who_has_seen_a_decision_may_replace_it(
    database: Database, intake: Intake, site: Site
) -> None:
    item_id = wait(intake, site)
    decided = decide(database, item_id)

    overrule(database, item_id)

    with database.reading() as tx:
        ruling = find_record(tx, site.id, decided.comment.id).ruling
    assert ruling is not None
    assert (ruling.decided_by, ruling.labels) == ("joko", (Label.HATE,))
    assert heard(database, site, later=timedelta(minutes=2)) == [1, 2]


def test_a_replacement_that_is_undone_leaves_the_first_decision_standing(
    database: Database, intake: Intake, site: Site
) -> None:
    item_id = wait(intake, site)
    decide(database, item_id)
    overrule(database, item_id)

    record = undo(database, item_id, moderator="joko", version=4, later=timedelta(minutes=1))

    assert record.ruling is not None
    assert record.ruling.decided_by == "sari"
    assert record.item is not None
    assert record.item.closed_at is not None


def test_feedback_that_came_meanwhile_is_not_replaced_unseen(
    database: Database, intake: Intake, site: Site
) -> None:
    item_id = wait(intake, site)
    record = decide(database, item_id)
    with database.writing() as tx:
        review.take_feedback(
            tx,
            site.id,
            record.comment.id,
            decision=Decision.APPROVE,
            labels=[],
            reporter="wp-admin",
            now=MONDAY + timedelta(seconds=30),
        )

    with pytest.raises(StaleItemError):
        overrule(database, item_id, version=3)
    overrule(database, item_id, version=4)


def test_a_replacement_needs_the_version_seen_and_a_label(
    database: Database, intake: Intake, site: Site
) -> None:
    item_id = wait(intake, site)
    decide(database, item_id)

    with pytest.raises(StaleItemError):
        overrule(database, item_id, version=2)
    with pytest.raises(InvalidError):
        overrule(database, item_id, labels=0)
