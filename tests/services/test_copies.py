import random
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import pytest

from moderation.domain.campaign import similarity
from moderation.domain.comment import Author, Story, Submission
from moderation.domain.decision import Decision
from moderation.domain.rules import Effect, Mode, RuleKind, may_discard
from moderation.domain.verdict import Assessment, Verdict
from moderation.domain.words import words_of
from moderation.services import privacy, rule_changes
from moderation.services.consulting import Counsel
from moderation.services.intake import Intake
from moderation.services.privacy import Retention
from moderation.services.sketching import from_bytes, sketch, sketch_and_keys, to_bytes
from moderation.storage import campaigns, precedents, sites
from moderation.storage.campaigns import AskedText
from moderation.storage.comments import StoredComment
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer

SPAM = (
    "Kemarin modal receh di Mawar88 langsung cair jutaan, buktikan sendiri sebelum habis. "
    "Pendaftaran cepat, pelayanan ramah dua puluh empat jam, jangan sampai menyesal belakangan."
)
OTHER = (
    "Jalan di depan sekolah kami sudah dua tahun berlubang, tiap hujan anak-anak harus memutar "
    "lewat pematang. Mohon dinas terkait turun melihat sendiri."
)
NUMBERS = count()


@pytest.fixture
def intake(database: Database, site: Site) -> Intake:
    with database.writing() as tx:
        rule_changes.set_rule(
            tx, site.id, RuleKind.CAMPAIGN, Mode.ON, {"copies": 3, "authors": 2}, by="s", now=MONDAY
        )
    return Intake(database, FakeScorer(), Pseudonyms("a-secret-for-the-tests"), Counsel(database))


def submit(
    intake: Intake, site: Site, text: str, *, author: str = "", now: datetime = MONDAY
) -> StoredComment:
    number = next(NUMBERS)
    submission = Submission(
        f"c-{number}",
        text,
        article=Story(id=f"a-{number}"),
        author=Author(id=author or f"u-{number}"),
    )
    return intake.submit(site, submission, now=now)[0].comment


def effects(assessment: Assessment) -> list[Effect]:
    return [match.effect for match in assessment.rules]


def decide(database: Database, comment: StoredComment, decision: Decision | None) -> None:
    assert isinstance(comment.campaign_id, UUID)
    with database.writing() as tx:
        campaigns.set_decision(
            tx,
            comment.campaign_id,
            decision,
            by="sari",
            at=MONDAY,
            expires_at=MONDAY + timedelta(days=7),
        )


def varied(text: str, edits: int, seed: int) -> str:
    """A text with random letters changed, added and dropped, as spinners do."""
    chance, letters = random.Random(seed), list(text)
    for _ in range(edits):
        at = chance.randrange(len(letters))
        letters[at : at + chance.randrange(2)] = chance.choice(["x", "", " ", "o", "88"])
    return "".join(letters)


def test_near_copies_share_a_campaign_and_others_do_not(intake: Intake, site: Site) -> None:
    first = submit(intake, site, SPAM)

    for seed in range(20):
        assert submit(intake, site, varied(SPAM, 5, seed)).campaign_id == first.campaign_id
    assert submit(intake, site, OTHER).campaign_id != first.campaign_id


def test_copies_are_held_once_they_are_many_and_from_several_authors(
    intake: Intake, site: Site
) -> None:
    verdicts = [
        submit(intake, site, SPAM, author=author).assessment.verdict
        for author in ("u-1", "u-2", "u-1")
    ]

    assert verdicts == [Verdict.APPROVE, Verdict.APPROVE, Verdict.REVIEW]


def test_one_author_repeating_himself_is_no_campaign(intake: Intake, site: Site) -> None:
    for _ in range(6):
        assessment = submit(intake, site, SPAM, author="u-1").assessment

    assert assessment.rules == ()


def test_copies_far_apart_in_time_do_not_add_up(intake: Intake, site: Site) -> None:
    for days in range(0, 12, 3):
        comment = submit(intake, site, SPAM, now=MONDAY + timedelta(days=days))

    assert comment.assessment.verdict is Verdict.APPROVE


def test_a_rejected_campaign_rejects_its_variants_until_it_expires(
    intake: Intake, database: Database, site: Site
) -> None:
    decide(database, submit(intake, site, SPAM), Decision.REJECT)

    variant = submit(intake, site, varied(SPAM, 6, 1)).assessment
    later = submit(intake, site, SPAM, now=MONDAY + timedelta(days=8)).assessment

    assert (variant.verdict, effects(variant)) == (Verdict.REJECT, [Effect.REJECT])
    assert later.verdict is Verdict.APPROVE


def test_only_a_sure_copy_of_a_rejected_campaign_may_be_discarded(
    intake: Intake, database: Database, site: Site
) -> None:
    first = submit(intake, site, SPAM)
    decide(database, first, Decision.REJECT)

    assert may_discard(submit(intake, site, SPAM.upper()).assessment.rules)
    assert not may_discard(submit(intake, site, varied(SPAM, 14, 2)).assessment.rules)
    assert not may_discard(first.assessment.rules)


def test_an_approved_text_is_never_held_again(
    intake: Intake, database: Database, site: Site
) -> None:
    decide(database, submit(intake, site, SPAM), Decision.APPROVE)

    for _ in range(4):
        assessment = submit(intake, site, SPAM).assessment

    assert (assessment.verdict, effects(assessment)) == (Verdict.APPROVE, [Effect.ALLOW])


def test_a_contact_joins_texts_that_have_nothing_else_in_common(
    intake: Intake, database: Database, site: Site
) -> None:
    first = submit(intake, site, "Butuh dana cepat? WA 0812-3456-7890")
    decide(database, first, Decision.REJECT)

    other = submit(intake, site, "pinjaman: nol 8 1 2 3 4 5 6 7 8 9 0")

    assert other.campaign_id == first.campaign_id
    assert other.assessment.verdict is Verdict.REJECT
    assert not may_discard(other.assessment.rules)


def test_what_was_allowed_is_the_text_and_not_its_contact(
    intake: Intake, database: Database, site: Site
) -> None:
    text = f"{OTHER} Lapor ke 0812-3456-7890."
    decide(database, submit(intake, site, text), Decision.APPROVE)

    assert submit(intake, site, "dana cepat 081234567890").assessment.rules == ()


def test_condolences_are_nobodys_campaign(intake: Intake, site: Site) -> None:
    for _ in range(6):
        comment = submit(intake, site, "Turut berduka cita, semoga almarhum husnul khotimah")

    assert comment.campaign_id is None
    assert comment.assessment.verdict is Verdict.APPROVE


def test_sites_share_campaigns_only_with_the_same_owner(
    intake: Intake, database: Database, site: Site
) -> None:
    with database.writing() as tx:
        others = [sites.add_site(tx, name, now=MONDAY) for name in ("saudara", "asing")]
        for other in others:
            rule_changes.set_rule(tx, other.id, RuleKind.CAMPAIGN, Mode.ON, {}, by="s", now=MONDAY)
        for one in (site, others[0]):
            rule_changes.set_owner(tx, one.id, "grup", by="s", now=MONDAY)

    decide(database, submit(intake, site, SPAM), Decision.REJECT)

    assert submit(intake, others[0], SPAM).assessment.verdict is Verdict.REJECT
    assert submit(intake, others[1], SPAM).assessment.verdict is Verdict.APPROVE


def test_a_common_turn_of_phrase_neither_joins_texts_nor_grows_its_key(
    intake: Intake, database: Database, site: Site
) -> None:
    chance = random.Random(7)
    words = ["".join(chance.choices("aiueobkdlmnprst", k=7)) for _ in range(600)]
    ids = {
        submit(
            intake, site, "mohon dinas terkait " + " ".join(chance.sample(words, 20))
        ).campaign_id
        for _ in range(60)
    }

    assert len(ids) == 60
    with database.reading() as tx:
        _, keys = sketch_and_keys(words_of("mohon dinas terkait"))
        found = precedents.find(tx, None, AskedText(f"site:{site.id}", keys)).holders
    assert all(sum(key == one for one, _ in found) <= 24 for key in keys)


def test_texts_not_seen_for_long_are_forgotten_unless_decided(
    intake: Intake, database: Database, site: Site
) -> None:
    submit(intake, site, OTHER)
    decide(database, submit(intake, site, SPAM), Decision.REJECT)

    kept = Retention(None, None, campaign=timedelta(days=1))
    for days, forgotten in ((6, 1), (7, 0), (9, 1)):
        now = MONDAY + timedelta(days=days)
        assert privacy.retain(database, kept, actor="tests", now=now) == {"campaign": forgotten}


def test_a_sketch_survives_its_stored_form_and_few_edits() -> None:
    drawn = sketch(words_of(SPAM))

    assert from_bytes(to_bytes(drawn)) == drawn
    assert len(drawn) == 16
    assert similarity(drawn, sketch(words_of(varied(SPAM, 3, 1)))) > 0.5
    assert sketch([]) == ()
