import pytest

from moderation.domain.comment import Author, Submission
from moderation.domain.policy import Band
from moderation.domain.rules import Effect, Mode, RuleKind
from moderation.domain.verdict import Label, Verdict
from moderation.services import list_trials, lists, rule_changes
from moderation.services.consulting import Counsel
from moderation.services.intake import Intake
from moderation.services.list_trials import DryRun
from moderation.services.rule_changes import ListDraft
from moderation.storage import policies, rules
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.policies import NewPolicy
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer

PSEUDONYMS = Pseudonyms("a-secret-for-the-tests")


@pytest.fixture
def intake(database: Database, scorer: FakeScorer) -> Intake:
    return Intake(database, scorer, PSEUDONYMS, Counsel(database))


def a_draft(
    *entries: str,
    name: str = "judi",
    kind: RuleKind = RuleKind.WORDS,
    effect: Effect = Effect.REJECT,
) -> ListDraft:
    read = lists.read_entries(kind, entries, FakeScorer(), PSEUDONYMS)
    return ListDraft(name, kind, effect, Mode.ON, read)


def save(database: Database, site: Site, draft: ListDraft) -> None:
    with database.writing() as tx:
        rule_changes.save_list(tx, site.id, draft, by="sari", now=MONDAY)


def submit(intake: Intake, site: Site, *texts: str) -> None:
    for text in texts:
        intake.submit(site, Submission(f"c-{text}", text, author=Author(id="u-1")), now=MONDAY)


def dry_run(database: Database, site: Site, draft: ListDraft) -> DryRun:
    with database.reading() as tx:
        return list_trials.dry_run(tx, FakeScorer(), site.id, draft)


def test_a_dry_run_counts_changes_and_stores_nothing(
    intake: Intake, database: Database, site: Site
) -> None:
    submit(intake, site, "bandar bola", "bandar gacor", "bandar goblok", "lain")

    seen = dry_run(database, site, a_draft("bandar"))

    with database.reading() as tx:
        assert rules.list_rules(tx, site.id) == []
    assert (seen.comments, seen.matched, len(seen.samples)) == (4, 3, 3)
    assert seen.would_change == {
        (Verdict.APPROVE, Verdict.REJECT): 1,
        (Verdict.REVIEW, Verdict.REJECT): 1,
    }


def test_a_changed_list_is_tried_in_the_place_of_what_it_is_now(
    intake: Intake, database: Database, site: Site
) -> None:
    save(database, site, a_draft("bandar", "bola"))
    submit(intake, site, "bandar besar", "main bola")

    seen = dry_run(database, site, a_draft("bola"))

    assert seen.matched == 1
    assert seen.would_change == {(Verdict.REJECT, Verdict.APPROVE): 1}


def test_an_allow_list_shows_what_it_would_shield(
    intake: Intake, database: Database, site: Site
) -> None:
    save(database, site, a_draft("anjing"))
    submit(intake, site, "anjing pelacak", "anjing itu", "anjing pelacak dan anjing itu")

    draft = a_draft("anjing pelacak", name="wajar", effect=Effect.ALLOW)
    seen = dry_run(database, site, draft)

    assert seen.would_change == {(Verdict.REJECT, Verdict.APPROVE): 1}
    assert [text for _, text in seen.samples] == ["anjing pelacak"]


def test_a_list_of_allowed_authors_spares_them_the_rules_on_history(
    intake: Intake, database: Database, site: Site
) -> None:
    with database.writing() as tx:
        rule_changes.set_rule(
            tx, site.id, RuleKind.FIRST_COMMENTS, Mode.ON, {}, by="sari", now=MONDAY
        )
    submit(intake, site, "jalan rusak")

    draft = a_draft("u-1", kind=RuleKind.AUTHORS, effect=Effect.ALLOW)

    assert dry_run(database, site, draft).would_change == {(Verdict.REVIEW, Verdict.APPROVE): 1}


def test_the_newsrooms_own_thresholds_are_those_of_the_trial(
    intake: Intake, database: Database, site: Site
) -> None:
    """Without a reject threshold for spam, an allowed author's spam would have been published."""
    submit(intake, site, "gacor")
    bands = {**FakeScorer().policy.bands, Label.SPAM: Band(0.5, None)}
    own = NewPolicy(site.id, "", "rina", bands, FakeScorer().version, "hand")
    draft = a_draft("u-1", kind=RuleKind.AUTHORS, effect=Effect.ALLOW)
    assert dry_run(database, site, draft).would_change == {}

    with database.writing() as tx:
        policies.add(tx, own, now=MONDAY)

    assert dry_run(database, site, draft).would_change == {(Verdict.REJECT, Verdict.APPROVE): 1}
