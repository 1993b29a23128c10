import threading
from datetime import timedelta
from uuid import UUID

import pytest

from moderation.domain.comment import Story, Submission
from moderation.domain.verdict import Label
from moderation.services.intake import Intake
from moderation.storage import queue
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.queue import Filter, Order, Position
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer

WAITING = 60


@pytest.fixture
def waiting(database: Database, scorer: FakeScorer, site: Site) -> list[UUID]:
    """Sixty comments, a third of them threats, in two sections, by age."""
    intake = Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"))
    ids = []
    for number in range(WAITING):
        word = "serbu" if number % 3 == 0 else "goblok"
        story = Story(section="Dunia" if number % 2 else "Daerah")
        submission = Submission(f"c-{number}", f"{word} {number}", article=story)
        record, _ = intake.submit(site, submission, now=MONDAY + timedelta(seconds=number))
        assert record.item is not None
        ids.append(record.item.id)
    return ids


def read_by_pages(database: Database, which: Filter, order: Order) -> list[queue.QueueItem]:
    found: list[queue.QueueItem] = []
    after = None
    while True:
        with database.reading() as tx:
            page = queue.list_open(tx, which, order=order, after=after, limit=7)
        if not page:
            return found
        found += page
        after = Position(page[-1].priority, page[-1].id)


def test_pages_by_age_hold_every_item_once(database: Database, waiting: list[UUID]) -> None:
    found = read_by_pages(database, Filter(), Order.OLDEST)

    assert [item.id for item in found] == waiting


def test_pages_by_priority_hold_every_item_once_the_worst_first(
    database: Database, waiting: list[UUID]
) -> None:
    found = read_by_pages(database, Filter(), Order.PRIORITY)

    assert sorted(item.id for item in found) == sorted(waiting)
    assert [item.priority for item in found] == sorted(
        (item.priority for item in found), reverse=True
    )
    assert [item.id for item in found[:20]] == waiting[::3]


def test_filters_narrow_by_section_label_and_site(
    database: Database, waiting: list[UUID], site: Site
) -> None:
    with database.reading() as tx:
        threats = queue.list_open(tx, Filter(label=Label.THREAT), limit=100)
        abroad = queue.list_open(tx, Filter(section="Dunia"), limit=100)
        foreign = queue.list_open(tx, Filter(site_id=site.id + 1), limit=100)
        counted = queue.count_open(tx, Filter(section="Dunia", label=Label.THREAT))

    assert {item.id for item in threats} == set(waiting[::3])
    assert {item.id for item in abroad} == set(waiting[1::2])
    assert foreign == []
    assert counted == 10


def test_eight_claimers_at_once_never_hold_one_item_twice(
    database: Database, waiting: list[UUID]
) -> None:
    claimed: dict[str, list[UUID]] = {f"m-{number}": [] for number in range(8)}
    start = threading.Barrier(len(claimed))

    def work(moderator: str) -> None:
        start.wait()
        while True:
            with database.writing() as tx:
                items = queue.claim(
                    tx,
                    Filter(),
                    moderator=moderator,
                    count=3,
                    now=MONDAY + timedelta(hours=1),
                    lease=timedelta(minutes=10),
                )
            if not items:
                return
            claimed[moderator] += [item.id for item in items]

    threads = [threading.Thread(target=work, args=(name,)) for name in claimed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    everything = [item_id for ids in claimed.values() for item_id in ids]
    assert len(everything) == len(set(everything)) == WAITING


def test_a_change_to_an_item_somebody_else_changed_writes_nothing(
    database: Database, waiting: list[UUID]
) -> None:
    with database.writing() as tx:
        item = queue.find(tx, waiting[0])
        assert item is not None
        first = queue.change(tx, item, holder="sari", version=item.version + 1)
        second = queue.change(tx, item, holder="joko", version=item.version + 1)

    assert first is not None
    assert first.holder == "sari"
    assert second is None
