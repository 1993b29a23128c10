from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from moderation.domain.comment import Author, Story, Submission
from moderation.domain.decision import Decision, Source
from moderation.domain.rules import Mode, RuleKind
from moderation.domain.verdict import Label
from moderation.services import campaign_work, campaigns, queueing, review, rule_changes
from moderation.services.campaigns import Progress
from moderation.services.consulting import Counsel
from moderation.services.intake import Intake
from moderation.storage import decisions
from moderation.storage.comments import StoredComment
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.schema import comments, queue_items
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer

SPAM = (
    "Kemarin modal receh di Mawar88 langsung cair jutaan, buktikan sendiri sebelum habis. "
    "Pendaftaran cepat, pelayanan ramah dua puluh empat jam, jangan sampai menyesal belakangan."
)
LATER = MONDAY + timedelta(hours=1)
MEMBERS = 7


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign_work, "PORTION", 3)


@pytest.fixture
def intake(database: Database, site: Site) -> Intake:
    with database.writing() as tx:
        rule_changes.set_rule(tx, site.id, RuleKind.CAMPAIGN, Mode.ON, {}, by="s", now=MONDAY)
    return Intake(database, FakeScorer(), Pseudonyms("a-secret-for-the-tests"), Counsel(database))


def submit(intake: Intake, site: Site, number: int, *, now: datetime = MONDAY) -> StoredComment:
    author = Author(id=f"u-{number}")
    submission = Submission(f"c-{number}", SPAM, article=Story(id="a-1"), author=author)
    return intake.submit(site, submission, now=now)[0].comment


@pytest.fixture
def members(intake: Intake, site: Site) -> list[StoredComment]:
    """Copies of one text; all came at the same moment, so their order is that of their ids."""
    return [submit(intake, site, number) for number in range(MEMBERS)]


def decide(
    database: Database, site: Site, member: StoredComment, decision: Decision = Decision.REJECT
) -> Progress:
    assert member.campaign_id is not None
    with database.writing() as tx:
        return campaigns.decide(
            tx,
            site.id,
            member.campaign_id,
            decision,
            labels=[Label.SPAM],
            by="sari",
            source=Source.CONSOLE,
            now=LATER,
            lasts=timedelta(days=14),
        )


def undo(database: Database, site: Site, member: StoredComment) -> Progress:
    assert member.campaign_id is not None
    with database.writing() as tx:
        return campaigns.undo(tx, site.id, member.campaign_id, by="tono", now=LATER)


def catch_up(database: Database) -> int:
    return campaign_work.catch_up(database, clock=lambda: LATER)


def standings(database: Database) -> list[str]:
    with database.reading() as tx:
        return sorted(tx.execute(sa.select(comments.c.standing)).scalars())


def waiting(database: Database) -> set[UUID]:
    statement = sa.select(queue_items.c.comment_pk).where(queue_items.c.closed_at.is_(None))
    with database.reading() as tx:
        return set(tx.execute(statement).scalars())


def test_a_decision_and_its_undo_reach_every_member_a_portion_at_a_time(
    database: Database, site: Site, members: list[StoredComment]
) -> None:
    assert decide(database, site, members[0]) == Progress(3, more=True)
    assert catch_up(database) == 4
    assert standings(database) == ["reject"] * MEMBERS
    assert waiting(database) == set()

    assert undo(database, site, members[0]) == Progress(3, more=True)
    assert catch_up(database) == 4
    assert standings(database) == ["review"] * MEMBERS
    assert waiting(database) == {member.id for member in members}
    assert catch_up(database) == 0


def test_what_a_kill_interrupts_is_done_later_and_nothing_twice(
    database: Database, site: Site, members: list[StoredComment], monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(database, site, members[0])
    take_feedback, calls = review.take_feedback, iter(range(10))

    def dies(*args: object, **kwargs: object) -> object:
        if next(calls) == 1:
            raise KeyboardInterrupt
        return take_feedback(*args, **kwargs)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(review, "take_feedback", dies)
        with pytest.raises(KeyboardInterrupt):
            catch_up(database)
    assert standings(database).count("reject") == 3

    assert catch_up(database) == 4
    with database.reading() as tx:
        numbers = tx.execute(sa.text("SELECT count(*) FROM decisions")).scalar_one()
    assert numbers == MEMBERS


def test_undo_also_reaches_what_came_later_and_was_judged_for_the_campaign(
    database: Database, site: Site, intake: Intake, members: list[StoredComment]
) -> None:
    decide(database, site, members[0])
    catch_up(database)
    late = submit(intake, site, 50, now=LATER + timedelta(hours=1))
    assert late.assessment.verdict == "reject"

    undo(database, site, members[0])
    catch_up(database)

    assert late.id in waiting(database)
    assert len(waiting(database)) == MEMBERS + 1


def test_members_decided_by_somebody_keep_that_through_decision_and_undo(
    database: Database, site: Site, members: list[StoredComment]
) -> None:
    with database.writing() as tx:
        for member, decision in zip(members[:2], Decision, strict=True):
            labels = [Label.SPAM] if decision is Decision.REJECT else []
            review.take_feedback(
                tx, site.id, member.id, decision=decision, labels=labels, reporter="w", now=MONDAY
            )

    decide(database, site, members[0])
    catch_up(database)
    undo(database, site, members[0])
    catch_up(database)

    assert standings(database) == ["approve", "reject", *["review"] * (MEMBERS - 2)]


def test_the_other_decision_replaces_the_first_and_one_undo_ends_both(
    database: Database, site: Site, members: list[StoredComment]
) -> None:
    for decision in (Decision.REJECT, Decision.APPROVE):
        decide(database, site, members[0], decision)
        catch_up(database)
    assert standings(database) == ["approve"] * MEMBERS

    undo(database, site, members[0])
    catch_up(database)

    with database.reading() as tx:
        assert decisions.find_latest(tx, [member.id for member in members]) == {}
    assert len(waiting(database)) == MEMBERS


def test_undo_takes_the_place_of_a_decision_that_is_still_on_its_way(
    database: Database, site: Site, members: list[StoredComment]
) -> None:
    decide(database, site, members[0])

    assert undo(database, site, members[0]).members == 3
    catch_up(database)

    # The machine published two of the members before they were a campaign; they stand as they did.
    assert standings(database).count("reject") == 0


def test_a_comment_that_waits_already_does_not_wait_twice(
    database: Database, members: list[StoredComment]
) -> None:
    (held,) = [one for one in members if one.id in waiting(database)][:1]

    with database.writing() as tx:
        assert queueing.wait_again(tx, held.id, now=LATER) is None
