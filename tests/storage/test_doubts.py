"""Who is asked again about a doubted label, and who is left alone."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from moderation.domain.agreement import Answer
from moderation.domain.comment import Submission
from moderation.domain.decision import Decision
from moderation.domain.overview import Period
from moderation.domain.reach import EVERYWHERE
from moderation.domain.verdict import Label
from moderation.services import review, second_look
from moderation.services.intake import Intake
from moderation.storage import doubts, personal, second_looks
from moderation.storage.doubts import Doubted
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.second_looks import Origin
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer

ABUSE = Label.ABUSE


@pytest.fixture(autouse=True)
def nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_look, "is_drawn", lambda _id, _share: False)


@pytest.fixture
def decided(database: Database, site: Site) -> list[UUID]:
    """Three comments that wait, rejected as abuse by the site's own people."""
    intake = Intake(database, FakeScorer(), Pseudonyms("a-secret-for-the-tests"))
    pks = []
    for number in range(3):
        submission = Submission(f"c-{number}", f"dasar goblok {number}")
        record, _ = intake.submit(site, submission, now=MONDAY)
        pks.append(record.comment.id)
        say(database, site, pks[-1], Decision.REJECT, ABUSE)
    return pks


def say(database: Database, site: Site, pk: UUID, decision: Decision, *labels: Label) -> None:
    with database.writing() as tx:
        review.take_feedback(
            tx, site.id, pk, decision=decision, labels=labels, reporter="situs", now=MONDAY
        )


def ask(database: Database, pks: list[UUID], **wanted: Any) -> dict[int, int]:
    doubted = {pk: Doubted(ABUSE, True, rank) for rank, pk in enumerate(pks, 1)}
    with database.writing() as tx:
        return doubts.ask_again(tx, doubted, **{"most": 10, "now": MONDAY, **wanted})


def waiting(database: Database) -> list[tuple[UUID, Origin]]:
    """Answer all that waits, in its order."""
    found: list[tuple[UUID, Origin]] = []
    while True:
        with database.writing() as tx:
            drawn = second_looks.find_next(tx, "tono", EVERYWHERE)
            if drawn is None:
                return found
            found.append((drawn.comment_pk, drawn.origin))
            answer = Answer(Decision.APPROVE, frozenset())
            second_look.give_answer(
                tx, drawn.decision_id, answer, moderator="tono", reach=EVERYWHERE, now=MONDAY
            )


def test_the_most_doubtful_comes_first(database: Database, site: Site, decided: list[UUID]) -> None:
    worst_first = [decided[2], decided[0], decided[1]]

    assert ask(database, worst_first, most=2) == {site.id: 2}
    assert waiting(database) == [(decided[2], Origin.DOUBT), (decided[0], Origin.DOUBT)]


def test_nobody_is_asked_twice(database: Database, site: Site, decided: list[UUID]) -> None:
    ask(database, decided)

    assert ask(database, decided) == {}
    waiting(database)
    say(database, site, decided[0], Decision.REJECT, ABUSE)
    assert ask(database, decided) == {}


def test_what_was_decided_otherwise_or_erased_since_is_left_alone(
    database: Database, site: Site, decided: list[UUID]
) -> None:
    say(database, site, decided[0], Decision.APPROVE)
    with database.writing() as tx:
        personal.erase_texts(tx, [decided[1]], now=MONDAY)

    assert ask(database, decided) == {site.id: 1}
    assert waiting(database) == [(decided[2], Origin.DOUBT)]


def test_what_waits_again_is_left_alone(database: Database, decided: list[UUID]) -> None:
    with database.writing() as tx:
        review.take_back(tx, decided[0], now=MONDAY)

    assert [pk for pk, _ in waiting(database)] == []
    assert sum(ask(database, decided).values()) == 2


def test_answers_to_doubts_say_nothing_of_agreement(
    database: Database, site: Site, decided: list[UUID]
) -> None:
    ask(database, decided)
    assert len(waiting(database)) == 3

    with database.reading() as tx:
        period = Period(MONDAY, MONDAY + timedelta(days=1))
        assert second_looks.list_pairs(tx, period, EVERYWHERE, site_id=site.id) == []
