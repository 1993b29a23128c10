from datetime import datetime, timedelta

import pytest

from moderation.domain.comment import Author, Submission
from moderation.domain.rules import Effect, Mode, RuleKind
from moderation.domain.verdict import Verdict
from moderation.errors import InvalidError
from moderation.services import lists, rule_changes
from moderation.services.consulting import Counsel
from moderation.services.intake import Intake
from moderation.services.rule_changes import ListDraft
from moderation.storage import rule_hits, rules, sites
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.rule_hits import HitCount
from moderation.storage.rules import StoredEntry
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer

PSEUDONYMS = Pseudonyms("a-secret-for-the-tests")
LATER = MONDAY + timedelta(seconds=2)


@pytest.fixture
def intake(database: Database, scorer: FakeScorer) -> Intake:
    return Intake(database, scorer, PSEUDONYMS, Counsel(database))


def save(
    database: Database,
    site: Site,
    *entries: str,
    kind: RuleKind = RuleKind.WORDS,
    effect: Effect = Effect.REJECT,
    mode: Mode = Mode.ON,
) -> int:
    """Save the list “judi”; return its id."""
    draft = a_draft(*entries, kind=kind, effect=effect, mode=mode)
    with database.writing() as tx:
        return rule_changes.save_list(tx, site.id, draft, by="sari", now=MONDAY).id


def a_draft(
    *entries: str,
    kind: RuleKind = RuleKind.WORDS,
    effect: Effect = Effect.REJECT,
    mode: Mode = Mode.ON,
) -> ListDraft:
    read = lists.read_entries(kind, entries, FakeScorer(), PSEUDONYMS)
    return ListDraft("judi", kind, effect, mode, read)


def verdict(
    intake: Intake, site: Site, text: str, *, now: datetime = LATER, **author: str
) -> Verdict:
    submission = Submission(f"c-{text}-{now}", text, author=Author(**author))
    return intake.submit(site, submission, now=now)[0].comment.assessment.verdict


def written(database: Database, rule_id: int) -> list[str]:
    with database.reading() as tx:
        return [entry.written for entry in rules.list_entries(tx, rule_id)]


@pytest.mark.parametrize(
    ("effect", "expected"), [(Effect.REJECT, Verdict.REJECT), (Effect.HOLD, Verdict.REVIEW)]
)
def test_a_listed_word_decides_and_says_so(
    intake: Intake, database: Database, site: Site, effect: Effect, expected: Verdict
) -> None:
    save(database, site, "bandar bola", effect=effect)

    record, _ = intake.submit(site, Submission("c-1", "Ini Bandar Bola."), now=MONDAY)

    assessment = record.comment.assessment
    assert assessment.verdict is expected
    assert (record.item is not None) is (expected is Verdict.REVIEW)
    (match,) = assessment.rules
    assert (match.rule, match.kind, match.effect) == ("judi", RuleKind.WORDS, effect)
    assert [span.text for span in match.spans] == ["Bandar Bola"]
    assert "bandar bola" in match.message


def test_lists_hold_even_when_the_scorer_is_broken(
    intake: Intake, database: Database, site: Site, scorer: FakeScorer
) -> None:
    save(database, site, "bandar bola")
    scorer.broken = True

    assert verdict(intake, site, "bandar bola") is Verdict.REJECT
    assert verdict(intake, site, "halo") is Verdict.REVIEW


def test_an_observing_list_counts_what_it_would_have_changed(
    intake: Intake, database: Database, site: Site
) -> None:
    rule_id = save(database, site, "bandar", mode=Mode.OBSERVE)

    assert verdict(intake, site, "bandar bola") is Verdict.APPROVE
    assert verdict(intake, site, "bandar gacor") is Verdict.REJECT
    with database.reading() as tx:
        assert rule_hits.count(tx, site.id) == {rule_id: HitCount(matched=2, changed=1)}


def test_a_change_is_noticed_within_a_second_and_not_asked_for_before(
    intake: Intake, database: Database, site: Site
) -> None:
    save(database, site, "bandar")
    assert verdict(intake, site, "togel", now=MONDAY) is Verdict.APPROVE

    save(database, site, "togel")

    half_later = MONDAY + timedelta(milliseconds=500)
    assert verdict(intake, site, "togel", now=half_later) is Verdict.APPROVE
    assert verdict(intake, site, "togel", now=LATER) is Verdict.REJECT


def test_undo_brings_back_entries_and_settings_and_can_be_undone(
    intake: Intake, database: Database, site: Site
) -> None:
    rule_id = save(database, site, "bandar", "togel")
    save(database, site, "togel", "domino", effect=Effect.HOLD)

    with database.writing() as tx:
        back = rule_changes.undo(tx, site.id, "judi", by="tono", now=LATER)
    assert (back.version, back.effect) == (3, Effect.REJECT)
    assert sorted(written(database, rule_id)) == ["bandar", "togel"]

    with database.writing() as tx:
        again = rule_changes.undo(tx, site.id, "judi", by="tono", now=LATER)
        versions = rules.list_versions(tx, rule_id)
    assert again.effect is Effect.HOLD
    assert sorted(written(database, rule_id)) == ["domino", "togel"]
    assert [(one.version, one.changed_by) for one in versions] == [
        (4, "tono"),
        (3, "tono"),
        (2, "sari"),
        (1, "sari"),
    ]


def test_undoing_the_first_version_switches_a_list_off(
    intake: Intake, database: Database, site: Site
) -> None:
    save(database, site, "bandar")
    with database.writing() as tx:
        rule_changes.undo(tx, site.id, "judi", by="tono", now=MONDAY)

    assert verdict(intake, site, "bandar") is Verdict.APPROVE


def test_an_author_is_listed_by_id_or_email_and_never_by_name(
    intake: Intake, database: Database, site: Site
) -> None:
    rule_id = save(database, site, "u-3", "Budi@Surat.example", kind=RuleKind.AUTHORS)

    assert verdict(intake, site, "a", id="u-3") is Verdict.REJECT
    assert verdict(intake, site, "b", email="budi@surat.example") is Verdict.REJECT
    assert verdict(intake, site, "c", name="u-3") is Verdict.APPROVE
    assert verdict(intake, site, "d", id="u-4", email="budi@surat.example") is Verdict.APPROVE
    assert "surat" not in "".join(written(database, rule_id))


def test_an_allowed_author_skips_the_band_and_no_reject_threshold(
    intake: Intake, database: Database, site: Site
) -> None:
    save(database, site, "u-3", kind=RuleKind.AUTHORS, effect=Effect.ALLOW)

    assert verdict(intake, site, "dasar goblok", id="u-3") is Verdict.APPROVE
    assert verdict(intake, site, "gacor", id="u-3") is Verdict.REJECT


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (RuleKind.WORDS, "!!!"),
        (RuleKind.WORDS, "a"),
        (RuleKind.WORDS, "x" * 201),
        (RuleKind.DOMAINS, "bukan domain"),
        (RuleKind.DOMAINS, "com"),
    ],
)
def test_an_entry_that_can_never_match_or_matches_everything_is_refused(
    kind: RuleKind, line: str
) -> None:
    with pytest.raises(InvalidError):
        lists.read_entries(kind, [line], FakeScorer(), PSEUDONYMS)


def test_a_domain_is_read_from_an_address() -> None:
    read = lists.read_entries(
        RuleKind.DOMAINS, ["https://www.Mawar88.com/x", "mawar88.com"], FakeScorer(), PSEUDONYMS
    )

    assert read == [StoredEntry("mawar88.com", "mawar88.com")]


def test_csv_goes_out_and_comes_back_without_becoming_a_formula() -> None:
    entries = [StoredEntry(one, one) for one in ("judi, bola", "=cmd", 'dia "raja"', "@nama")]

    text = lists.to_csv(entries)

    assert "\r\n=cmd" not in text
    assert lists.from_csv("\ufeff" + text) == [entry.written for entry in entries]


@pytest.mark.parametrize("name", ["", "x" * 81, "campaign"])
def test_a_list_needs_a_name_of_its_own(database: Database, site: Site, name: str) -> None:
    draft = ListDraft(name, RuleKind.WORDS, Effect.HOLD, Mode.ON, [])

    with pytest.raises(InvalidError), database.writing() as tx:
        rule_changes.save_list(tx, site.id, draft, by="sari", now=MONDAY)


def test_another_sites_list_touches_nobody_else(
    intake: Intake, database: Database, site: Site
) -> None:
    save(database, site, "bandar")
    with database.writing() as tx:
        other = sites.add_site(tx, "lain", now=MONDAY)

    assert verdict(intake, other, "bandar") is Verdict.APPROVE
