import pytest

from moderation.domain.comment import Story, Submission, as_passage
from moderation.domain.policy import Band
from moderation.domain.rules import Effect, Mode, RuleKind
from moderation.domain.verdict import LABELS, Verdict
from moderation.services import policies, rule_changes
from moderation.services.consulting import Counsel
from moderation.services.intake import Intake
from moderation.services.policies import PolicyBook
from moderation.services.rule_changes import ListDraft
from moderation.services.scoring import score
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.policies import NewPolicy
from moderation.storage.rules import StoredEntry
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer


@pytest.fixture
def intake(database: Database) -> Intake:
    return Intake(
        database,
        FakeScorer(),
        Pseudonyms("a-secret-for-the-tests"),
        counsel=Counsel(database),
        policies=PolicyBook(database),
    )


def test_a_text_gets_the_verdict_that_its_comment_would_get(
    intake: Intake, database: Database, site: Site
) -> None:
    strict = {label: Band(0.3, 0.4) for label in LABELS}
    own = NewPolicy(
        site.id, "Dunia", "rina", strict, intake.scorer.version, policies.DIAL, "ramai", 5
    )
    listed = ListDraft(
        "judi", RuleKind.WORDS, Effect.REJECT, Mode.ON, [StoredEntry("bandar bola", "bandar bola")]
    )
    with database.writing() as tx:
        policies.save(tx, own, now=MONDAY)
        rule_changes.save_list(tx, site.id, listed, by="rina", now=MONDAY)
    texts = [("dasar goblok", "Dunia"), ("dasar goblok", "Desa"), ("cari bandar bola", "Dunia")]

    scored = score(
        intake,
        site,
        [as_passage(text, Story(section=section), "") for text, section in texts],
        now=MONDAY,
    )

    assert [found.verdict for found in scored] == [Verdict.REJECT, Verdict.REVIEW, Verdict.REJECT]
    assert [[match.rule for match in found.rules] for found in scored] == [[], [], ["judi"]]
    for place, (found, (text, section)) in enumerate(zip(scored, texts, strict=True)):
        comment = Submission(
            comment_id=f"c-{place}",
            text=text,
            article=Story(section=section),
        )
        record, _ = intake.submit(site, comment, now=MONDAY)
        stored = record.comment.assessment
        assert (stored.verdict, stored.policy_version) == (found.verdict, found.policy_version)


def test_a_writer_that_is_not_named_is_no_new_writer(
    intake: Intake, database: Database, site: Site
) -> None:
    with database.writing() as tx:
        rule_changes.set_rule(
            tx, site.id, RuleKind.FIRST_COMMENTS, Mode.ON, {}, by="rina", now=MONDAY
        )

    (found,) = score(intake, site, [as_passage("baik", Story(), "")], now=MONDAY)

    assert (found.verdict, found.rules) == (Verdict.APPROVE, ())
