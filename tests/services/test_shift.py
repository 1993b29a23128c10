from datetime import timedelta
from uuid import UUID

import pytest

from moderation.domain.comment import Submission
from moderation.errors import NotFoundError, StaleItemError
from moderation.services import review, shift
from moderation.services.intake import Intake
from moderation.storage import queue
from moderation.storage import shift as stored_shift
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.queue import Filter
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer

LEASE = timedelta(minutes=10)


@pytest.fixture
def waiting(database: Database, scorer: FakeScorer, site: Site) -> list[UUID]:
    """Three comments, the worst first."""
    intake = Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"))
    ids = []
    for number, text in enumerate(("ayo serbu", "dasar goblok", "goblok juga")):
        record, _ = intake.submit(
            site, Submission(f"c-{number}", text), now=MONDAY + timedelta(seconds=number)
        )
        assert record.item is not None
        ids.append(record.item.id)
    return ids


def claim(
    database: Database,
    moderator: str,
    *,
    count: int = 1,
    skipped: bool = True,
    later: timedelta = timedelta(),
) -> list[UUID]:
    with database.writing() as tx:
        records = review.claim(
            tx,
            Filter(),
            moderator=moderator,
            count=count,
            lease=LEASE,
            now=MONDAY + later,
            skipped=skipped,
        )
    return [record.item.id for record in records if record.item]


def skip(
    database: Database,
    item_id: UUID,
    moderator: str,
    *,
    version: int | None = None,
    later: timedelta = timedelta(),
) -> None:
    with database.writing() as tx:
        shift.skip(tx, item_id, version=version, moderator=moderator, now=MONDAY + later)


def test_a_skipped_comment_comes_back_after_all_others_and_to_others_first(
    database: Database, waiting: list[UUID]
) -> None:
    claim(database, "sari")
    skip(database, waiting[0], "sari", version=2)

    assert claim(database, "sari", count=2) == waiting[1:]
    assert claim(database, "joko") == [waiting[0]]


def test_a_skipped_comment_comes_back_when_nothing_else_is_free(
    database: Database, waiting: list[UUID]
) -> None:
    claim(database, "sari", count=3)
    skip(database, waiting[0], "sari")
    skip(database, waiting[0], "sari")

    assert claim(database, "sari", skipped=False) == []
    assert claim(database, "sari", count=2) == [waiting[0]]


def test_what_somebody_else_holds_or_holds_anew_is_not_skipped(
    database: Database, waiting: list[UUID]
) -> None:
    claim(database, "sari")

    with pytest.raises(StaleItemError, match="sari holds"):
        skip(database, waiting[0], "joko")
    with pytest.raises(StaleItemError, match="version 2, not 1"):
        skip(database, waiting[0], "sari", version=1)
    with pytest.raises(NotFoundError):
        skip(database, UUID(int=0), "sari")


def test_a_moderator_sees_what_they_hold_the_worst_first(
    database: Database, waiting: list[UUID]
) -> None:
    claim(database, "sari", count=2)
    claim(database, "joko")

    with database.reading() as tx:
        held = shift.list_held(tx, "sari", now=MONDAY)
        none = shift.list_held(tx, "sari", now=MONDAY + LEASE)
        counts = stored_shift.count_held(tx, now=MONDAY)

    assert [record.item.id for record in held if record.item] == waiting[:2]
    assert none == []
    assert counts == {"joko": 1, "sari": 2}


def test_renewing_extends_only_leases_that_still_run_and_keeps_versions(
    database: Database, waiting: list[UUID]
) -> None:
    claim(database, "sari")
    later = timedelta(minutes=9)
    claim(database, "sari", later=later)
    claim(database, "joko", later=later)
    at = MONDAY + timedelta(minutes=12)

    with database.writing() as tx:
        renewed = shift.renew_held(tx, "sari", lease=LEASE, now=at)
        items = [queue.find(tx, item_id) for item_id in waiting]

    assert renewed == [waiting[1]]
    assert [item.version for item in items if item] == [2, 2, 2]
    assert items[1] is not None
    assert items[1].lease_until == at + LEASE
