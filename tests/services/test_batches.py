from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from moderation.domain.comment import Submission
from moderation.domain.decision import Decision
from moderation.domain.reach import EVERYWHERE
from moderation.domain.verdict import Label
from moderation.errors import InvalidError, NotFoundError, StaleItemError
from moderation.services import batches, review
from moderation.services.batches import Selection
from moderation.services.intake import Intake
from moderation.services.records import find_record_by_comment_id
from moderation.storage import decisions, queue
from moderation.storage.batches import Batch
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.queue import Filter
from moderation.storage.schema import audit_log
from moderation.storage.sites import Site
from moderation.storage.strip import Stretch
from tests.factories import MONDAY, FakeScorer

ABUSE = Stretch(Label.ABUSE, 0.0, 1.0, "fake-1", EVERYWHERE)
WORDS: dict[str, Mapping[Label, float]] = {
    "ringan": {Label.ABUSE: 0.35},
    "sedang": {Label.ABUSE: 0.55},
    "rangkap": {Label.ABUSE: 0.4, Label.THREAT: 0.6},
    "ancam": {Label.THREAT: 0.6},
}


@pytest.fixture(autouse=True)
def intake(database: Database, site: Site) -> Intake:
    """Five that wait: two mild, one in the middle, one marked twice, one only a threat."""
    intake = Intake(database, FakeScorer(words=WORDS), Pseudonyms("a-secret-for-the-tests"))
    for number, text in enumerate(["ringan", "ringan juga", "sedang", "rangkap", "ancam"]):
        intake.submit(site, Submission(f"c-{number}", text), now=MONDAY)
    return intake


def select(
    database: Database, decision: Decision, stretch: Stretch = ABUSE, *, moderator: str = "rina"
) -> Selection:
    with database.reading() as tx:
        return batches.select(tx, stretch, decision, moderator=moderator, now=MONDAY)


def decide(database: Database, decision: Decision, stretch: Stretch = ABUSE) -> Batch:
    seen = select(database, decision, stretch).digest
    with database.writing() as tx:
        return batches.decide_all(tx, stretch, decision, seen=seen, moderator="rina", now=MONDAY)


def undo(database: Database, batch_id: UUID) -> int:
    with database.writing() as tx:
        return batches.undo(tx, batch_id, moderator="rina", now=MONDAY)[1]


def waiting(database: Database) -> int:
    with database.reading() as tx:
        return queue.count_open(tx, Filter())


def test_a_stretch_takes_in_its_scores_and_nothing_marked_for_more(database: Database) -> None:
    mild = Stretch(Label.ABUSE, 0.3, 0.45, "fake-1", EVERYWHERE)

    approve, reject = (select(database, decision, mild) for decision in Decision)

    assert (len(approve.dots), approve.left_out) == (2, 1)
    assert (len(reject.dots), reject.left_out) == (3, 0)
    assert [dot.score for dot in reject.dots] == [0.35, 0.35, 0.4]


def test_what_is_not_marked_for_the_label_is_never_rejected_for_it(database: Database) -> None:
    everything = select(database, Decision.REJECT)

    assert (len(everything.inside), len(everything.dots)) == (5, 4)


def test_what_somebody_else_holds_is_left_to_them(database: Database) -> None:
    with database.writing() as tx:
        (held,) = review.claim(
            tx,
            Filter(label=Label.ABUSE),
            moderator="sari",
            count=1,
            lease=timedelta(minutes=5),
            now=MONDAY,
        )

    assert held.item is not None
    assert held.item.id not in {dot.item_id for dot in select(database, Decision.REJECT).inside}
    own = select(database, Decision.REJECT, moderator="sari")
    assert held.item.id in {dot.item_id for dot in own.inside}


def test_scores_of_another_model_are_on_another_scale(database: Database) -> None:
    older = Stretch(Label.ABUSE, 0.0, 1.0, "fake-0", EVERYWHERE)

    assert select(database, Decision.REJECT, older).inside == ()


def test_a_batch_decides_all_and_leaves_one_audit_row(database: Database, site: Site) -> None:
    batch = decide(database, Decision.REJECT)

    with database.reading() as tx:
        made = decisions.list_after(tx, site.id, 0, limit=10, now=MONDAY)
        (row,) = tx.execute(sa.select(audit_log)).all()
    assert batch.size == len(made) == 4
    assert {one.ruling.labels for one in made} == {(Label.ABUSE,)}
    assert (row.act, row.subject, row.site_id) == ("batch.reject", str(batch.id), site.id)
    assert row.detail == {"size": 4, "label": "abuse", "low": 0.0, "high": 1.0}
    assert waiting(database) == 1


def test_one_undo_lets_all_of_it_wait_again(database: Database) -> None:
    batch = decide(database, Decision.APPROVE)
    assert waiting(database) == 2

    assert undo(database, batch.id) == 3
    assert waiting(database) == 5
    with pytest.raises(StaleItemError, match="rina undid"):
        undo(database, batch.id)
    with database.reading() as tx:
        acts = tx.execute(sa.select(audit_log.c.act).order_by(audit_log.c.id)).scalars().all()
    assert acts == ["batch.approve", "batch.undo"]


def test_undoing_leaves_what_was_decided_or_edited_since(
    database: Database, site: Site, intake: Intake
) -> None:
    batch = decide(database, Decision.REJECT)
    with database.writing() as tx:
        record = find_record_by_comment_id(tx, site.id, "c-0")
        review.take_feedback(
            tx,
            site.id,
            record.comment.id,
            decision=Decision.APPROVE,
            labels=[],
            reporter="situs",
            now=MONDAY,
        )
    intake.submit(site, Submission("c-1", "sopan", revision=2), now=MONDAY)

    assert undo(database, batch.id) == 2


def test_a_batch_stands_again_once_what_replaced_it_is_undone(
    database: Database, site: Site
) -> None:
    batch = decide(database, Decision.REJECT)
    with database.writing() as tx:
        record = find_record_by_comment_id(tx, site.id, "c-0")
        review.take_feedback(
            tx,
            site.id,
            record.comment.id,
            decision=Decision.APPROVE,
            labels=[],
            reporter="situs",
            now=MONDAY,
        )
        decisions.undo_latest(tx, record.comment.id, now=MONDAY)

    assert undo(database, batch.id) == 4


def test_a_queue_that_changed_since_it_was_counted_is_not_decided(
    database: Database, site: Site, intake: Intake
) -> None:
    seen = select(database, Decision.REJECT).digest
    intake.submit(site, Submission("c-9", "ringan"), now=MONDAY)

    with pytest.raises(StaleItemError), database.writing() as tx:
        batches.decide_all(tx, ABUSE, Decision.REJECT, seen=seen, moderator="rina", now=MONDAY)
    assert waiting(database) == 6


def test_an_empty_stretch_is_no_batch(database: Database) -> None:
    with pytest.raises(InvalidError):
        decide(database, Decision.REJECT, Stretch(Label.ABUSE, 0.8, 0.9, "fake-1", EVERYWHERE))


def test_an_unknown_batch_is_not_found(database: Database) -> None:
    with pytest.raises(NotFoundError):
        undo(database, UUID(int=0))


def test_at_most_so_many_are_decided_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MOST_AT_ONCE", 2)

    found = select(database, Decision.REJECT)

    assert (len(found.inside), found.more) == (2, True)
