from datetime import timedelta

import pytest
import sqlalchemy as sa

from moderation.domain.agreement import Answer
from moderation.domain.comment import Story, Submission
from moderation.domain.decision import Decision, Source
from moderation.domain.overview import Period
from moderation.domain.reach import EVERYWHERE, Reach
from moderation.domain.verdict import Label
from moderation.errors import InvalidError, StaleItemError
from moderation.services import batches, review, second_look
from moderation.services.intake import Intake
from moderation.services.review import Hold
from moderation.storage import second_looks
from moderation.storage.desk_schema import second_looks as table
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.queue import Filter
from moderation.storage.second_looks import Drawn, Pair
from moderation.storage.sites import Site
from moderation.storage.strip import Stretch
from tests.factories import MONDAY, FakeScorer

REJECT = Answer(Decision.REJECT, frozenset({Label.ABUSE}))
APPROVE = Answer(Decision.APPROVE, frozenset())


@pytest.fixture(autouse=True)
def everything_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_look, "is_drawn", lambda _id, _share: True)


@pytest.fixture(autouse=True)
def decided_by_sari(
    database: Database, scorer: FakeScorer, site: Site, everything_is_drawn: None
) -> None:
    """A comment that Sari published at the console."""
    intake = Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"))
    submission = Submission("c-1", "dasar goblok", article=Story(section="Dunia"))
    record, _ = intake.submit(site, submission, now=MONDAY)
    assert record.item is not None
    item_id = record.item.id
    with database.writing() as tx:
        review.claim_one(tx, item_id, moderator="sari", lease=timedelta(minutes=5), now=MONDAY)
        review.decide(
            tx,
            item_id,
            Hold(moderator="sari"),
            site_id=None,
            decision=Decision.APPROVE,
            labels=[],
            note="",
            source=Source.CONSOLE,
            now=MONDAY,
        )


def find_next(database: Database, moderator: str, reach: Reach = EVERYWHERE) -> Drawn | None:
    with database.reading() as tx:
        assert second_looks.count_waiting(tx, moderator, reach) == (
            second_looks.find_next(tx, moderator, reach) is not None
        )
        return second_looks.find_next(tx, moderator, reach)


def answer(database: Database, drawn: Drawn | None, given: Answer, *, by: str) -> None:
    assert drawn is not None
    with database.writing() as tx:
        second_look.give_answer(
            tx, drawn.decision_id, given, moderator=by, reach=EVERYWHERE, now=MONDAY
        )


def pairs(database: Database, site: Site) -> list[Pair]:
    period = Period(MONDAY, MONDAY + timedelta(days=1))
    with database.reading() as tx:
        return second_looks.list_pairs(tx, period, EVERYWHERE, site_id=site.id)


def test_somebody_else_answers_and_both_answers_are_kept(database: Database, site: Site) -> None:
    answer(database, find_next(database, "tono"), REJECT, by="tono")

    (pair,) = pairs(database, site)
    assert (pair.first_by, pair.first) == ("sari", APPROVE)
    assert (pair.second_by, pair.second) == ("tono", REJECT)
    assert find_next(database, "rina") is None


def test_nobody_looks_at_their_own_decision_again(database: Database) -> None:
    drawn = find_next(database, "tono")

    assert find_next(database, "sari") is None
    with pytest.raises(StaleItemError):
        answer(database, drawn, APPROVE, by="sari")


def test_only_the_first_second_answer_counts(database: Database, site: Site) -> None:
    drawn = find_next(database, "tono")
    answer(database, drawn, REJECT, by="tono")

    with pytest.raises(StaleItemError):
        answer(database, drawn, APPROVE, by="rina")
    assert [pair.second_by for pair in pairs(database, site)] == ["tono"]


def test_a_second_look_lies_within_reach(database: Database, site: Site) -> None:
    assert find_next(database, "tono", Reach.of([(site.id, "Dunia")])) is not None
    assert find_next(database, "tono", Reach.of([(site.id, "Daerah")])) is None


def test_a_rejection_without_a_label_is_refused(database: Database) -> None:
    with pytest.raises(InvalidError):
        answer(
            database,
            find_next(database, "tono"),
            Answer(Decision.REJECT, frozenset()),
            by="tono",
        )


def test_what_a_site_or_its_client_reports_is_not_drawn(database: Database, site: Site) -> None:
    drawn = find_next(database, "tono")
    assert drawn is not None
    with database.writing() as tx:
        review.take_feedback(
            tx,
            site.id,
            drawn.comment_pk,
            decision=Decision.REJECT,
            labels=[],
            reporter="situs",
            now=MONDAY,
        )
        assert len(tx.execute(sa.select(table)).all()) == 1


def test_a_reopened_comment_is_not_looked_at_again(
    database: Database, scorer: FakeScorer, site: Site
) -> None:
    answer(database, find_next(database, "tono"), REJECT, by="tono")
    intake = Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"))
    intake.submit(site, Submission("c-2", "goblok"), now=MONDAY)
    stretch = Stretch(Label.ABUSE, 0.0, 1.0, "fake-1", EVERYWHERE)
    with database.writing() as tx:
        seen = batches.select(tx, stretch, Decision.REJECT, moderator="sari", now=MONDAY).digest
        batch = batches.decide_all(
            tx, stretch, Decision.REJECT, seen=seen, moderator="sari", now=MONDAY
        )
    assert find_next(database, "tono") is not None

    with database.writing() as tx:
        batches.undo(tx, batch.id, moderator="sari", now=MONDAY)
        assert (
            len(
                review.claim(
                    tx, Filter(), moderator="x", count=5, lease=timedelta(minutes=1), now=MONDAY
                )
            )
            == 1
        )

    assert find_next(database, "tono") is None


def test_each_newsroom_sets_its_share(database: Database, site: Site) -> None:
    with database.writing() as tx:
        assert second_looks.find_share(tx, site.id) == 0.03
        for share in (0.05, 0.02):
            second_look.set_share(tx, site.id, share, actor="rina", now=MONDAY)
            assert second_looks.find_share(tx, site.id) == share
    for wrong in (0.0, 0.06, float("nan")):
        with pytest.raises(InvalidError), database.writing() as tx:
            second_look.set_share(tx, site.id, wrong, actor="rina", now=MONDAY)
