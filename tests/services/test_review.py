from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from moderation.domain.comment import Submission
from moderation.domain.decision import Decision, Source
from moderation.domain.verdict import Label
from moderation.errors import InvalidError, NotFoundError, StaleItemError
from moderation.services import review
from moderation.services.intake import Intake
from moderation.services.records import Record
from moderation.services.review import Hold
from moderation.storage import decisions, queue, sites
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.queue import Filter
from moderation.storage.schema import audit_log
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer

LEASE = timedelta(minutes=10)


@pytest.fixture
def intake(database: Database, scorer: FakeScorer) -> Intake:
    return Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"))


@pytest.fixture
def item_id(intake: Intake, site: Site) -> UUID:
    """A borderline comment that waits."""
    record, _ = intake.submit(site, Submission("c-1", "dasar goblok"), now=MONDAY)
    assert record.item is not None
    return record.item.id


def claim(database: Database, moderator: str, *, later: timedelta = timedelta()) -> list[Record]:
    with database.writing() as tx:
        return review.claim(
            tx, Filter(), moderator=moderator, count=1, lease=LEASE, now=MONDAY + later
        )


def decide(
    database: Database, item_id: UUID, hold: Hold, *, later: timedelta = timedelta()
) -> Record:
    with database.writing() as tx:
        return review.decide(
            tx,
            item_id,
            hold,
            site_id=None,
            decision=Decision.REJECT,
            labels=[Label.ABUSE],
            note="menghina",
            source=Source.API,
            now=MONDAY + later,
        )


def test_the_worst_comment_is_claimed_first(
    database: Database, intake: Intake, site: Site, item_id: UUID
) -> None:
    intake.submit(site, Submission("c-2", "ayo serbu"), now=MONDAY)

    (first,) = claim(database, "sari")
    (second,) = claim(database, "joko")

    assert first.comment.text == "ayo serbu"
    assert second.item is not None
    assert second.item.id == item_id
    assert claim(database, "rina") == []


def test_an_expired_lease_goes_to_the_next_moderator(database: Database, item_id: UUID) -> None:
    claim(database, "sari")

    (taken,) = claim(database, "joko", later=LEASE)

    assert taken.item is not None
    assert (taken.item.id, taken.item.holder) == (item_id, "joko")


def test_a_decision_is_stored_numbered_audited_and_closes_the_item(
    database: Database, site: Site, item_id: UUID
) -> None:
    claim(database, "sari")

    record = decide(database, item_id, Hold(version=2))

    assert record.item is not None
    assert record.item.closed_at == MONDAY
    assert record.ruling is not None
    assert record.ruling.decided_by == "sari"
    with database.reading() as tx:
        (decided,) = decisions.list_after(tx, site.id, 0, limit=10, now=MONDAY)
        audited = tx.execute(sa.select(audit_log)).one()
    assert (decided.seq, decided.comment_id) == (1, "c-1")
    assert decided.ruling == record.ruling
    assert (audited.actor, audited.act) == ("sari", "comment.reject")
    assert audited.detail["labels"] == ["abuse"]


def test_a_stale_version_writes_nothing(database: Database, site: Site, item_id: UUID) -> None:
    claim(database, "sari")

    with pytest.raises(StaleItemError, match="version 2, not 1"):
        decide(database, item_id, Hold(version=1))

    with database.reading() as tx:
        assert decisions.list_after(tx, site.id, 0, limit=10, now=MONDAY) == []
        found = queue.find(tx, item_id)
    assert found is not None
    assert found.closed_at is None


def test_a_lost_lease_cannot_decide_even_if_nobody_took_it(
    database: Database, item_id: UUID
) -> None:
    claim(database, "sari")

    with pytest.raises(StaleItemError, match="claim it first"):
        decide(database, item_id, Hold(version=2), later=LEASE)


def test_who_lost_the_lease_to_somebody_cannot_decide(database: Database, item_id: UUID) -> None:
    claim(database, "sari")
    claim(database, "joko", later=LEASE)

    with pytest.raises(StaleItemError, match="joko holds"):
        decide(database, item_id, Hold(version=2, moderator="sari"), later=LEASE)


def test_nobody_decides_twice(database: Database, item_id: UUID) -> None:
    claim(database, "sari")
    decide(database, item_id, Hold(version=2))

    with pytest.raises(StaleItemError, match="no longer waits"):
        decide(database, item_id, Hold(version=3))


def test_a_rejection_needs_a_label(database: Database, item_id: UUID) -> None:
    claim(database, "sari")

    with (
        pytest.raises(InvalidError, match="at least one label") as raised,
        database.writing() as tx,
    ):
        review.decide(
            tx,
            item_id,
            Hold(version=2),
            site_id=None,
            decision=Decision.REJECT,
            labels=[],
            note="",
            source=Source.API,
            now=MONDAY,
        )

    assert raised.value.pointer == "/labels"


def test_renewing_moves_the_end_of_the_lease_and_keeps_the_version(
    database: Database, item_id: UUID
) -> None:
    claim(database, "sari")
    later = MONDAY + timedelta(minutes=9)

    with database.writing() as tx:
        record = review.renew(tx, item_id, Hold(2, "sari"), site_id=None, lease=LEASE, now=later)

    assert record.item is not None
    assert record.item.lease_until == later + LEASE
    assert record.item.version == 2


def test_a_released_comment_is_free_at_once(database: Database, item_id: UUID) -> None:
    claim(database, "sari")

    with database.writing() as tx:
        review.release(tx, item_id, Hold(version=2), site_id=None, now=MONDAY)

    assert len(claim(database, "joko")) == 1


def test_a_chosen_comment_is_claimed_unless_somebody_holds_it(
    database: Database, item_id: UUID
) -> None:
    with database.writing() as tx:
        review.claim_one(tx, item_id, moderator="sari", lease=LEASE, now=MONDAY)
    with database.writing() as tx:
        again = review.claim_one(tx, item_id, moderator="sari", lease=LEASE, now=MONDAY)

    assert again.item is not None
    assert again.item.version == 2
    with pytest.raises(StaleItemError, match="sari holds"), database.writing() as tx:
        review.claim_one(tx, item_id, moderator="joko", lease=LEASE, now=MONDAY)


@pytest.mark.parametrize("seconds", [0, 3601])
def test_a_lease_out_of_bounds_is_refused(database: Database, item_id: UUID, seconds: int) -> None:
    with pytest.raises(InvalidError, match="between 1 and 3600"), database.writing() as tx:
        review.claim(
            tx,
            Filter(),
            moderator="sari",
            count=1,
            lease=timedelta(seconds=seconds),
            now=MONDAY,
        )


def test_another_sites_item_does_not_exist(database: Database, site: Site, item_id: UUID) -> None:
    with pytest.raises(NotFoundError), database.reading() as tx:
        review.find_item(tx, item_id, site_id=site.id + 1)


def test_feedback_from_the_site_closes_the_item_and_outranks(
    database: Database, site: Site, item_id: UUID
) -> None:
    (record,) = claim(database, "sari")

    with database.writing() as tx:
        after = review.take_feedback(
            tx,
            site.id,
            record.comment.id,
            decision=Decision.APPROVE,
            labels=[],
            reporter="wp-admin",
            now=MONDAY,
        )

    assert after.item is not None
    assert after.item.closed_at is not None
    assert after.ruling is not None
    assert (after.ruling.source, after.ruling.decided_by) == (Source.SITE, "wp-admin")
    with pytest.raises(StaleItemError):
        decide(database, item_id, Hold(version=2))


def test_decisions_of_a_site_are_numbered_without_gaps(
    database: Database, intake: Intake, site: Site
) -> None:
    with database.writing() as tx:
        other = sites.add_site(tx, "warta", now=MONDAY)
    for number in range(6):
        owner = site if number % 2 else other
        intake.submit(owner, Submission(f"c-{number}", f"goblok {number}"), now=MONDAY)
    for _ in range(6):
        (record,) = claim(database, "sari")
        assert record.item is not None
        decide(database, record.item.id, Hold(version=record.item.version))

    with database.reading() as tx:
        own = [
            decided.seq for decided in decisions.list_after(tx, site.id, 0, limit=10, now=MONDAY)
        ]
        rest = [
            decided.seq for decided in decisions.list_after(tx, site.id, 2, limit=10, now=MONDAY)
        ]

    assert own == [1, 2, 3]
    assert rest == [3]
