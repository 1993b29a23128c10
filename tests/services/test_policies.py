import pytest
import sqlalchemy as sa

from moderation.domain.comment import Story, Submission
from moderation.domain.policy import Band
from moderation.domain.verdict import LABELS, Label, Verdict
from moderation.errors import InvalidError, NotFoundError
from moderation.services import policies
from moderation.services.intake import Intake
from moderation.services.policies import PolicyBook
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.policies import Bands, NewPolicy, StoredPolicy
from moderation.storage.schema import audit_log
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer, a_policy

LENIENT: Bands = dict.fromkeys(LABELS, Band(0.9, None))


def save(
    database: Database,
    site: Site,
    section: str = "",
    *,
    bands: Bands | None = LENIENT,
    model: str = "fake-1",
) -> StoredPolicy:
    new = NewPolicy(site.id, section, "rina", bands, model, policies.DIAL, "ramai", 5)
    with database.writing() as tx:
        return policies.save(tx, new, now=MONDAY)


def effective(database: Database, site: Site, section: str, scorer: FakeScorer) -> str:
    with database.reading() as tx:
        return policies.find_effective(tx, site, section, scorer).policy.version


def test_a_section_follows_its_own_policy_then_the_sites_then_the_models(
    database: Database, site: Site, scorer: FakeScorer
) -> None:
    assert effective(database, site, "Dunia", scorer) == "policy-1"
    save(database, site)
    assert effective(database, site, "Dunia", scorer) == "kabar@1"
    save(database, site, "Dunia")
    assert effective(database, site, "Dunia", scorer) == "kabar/Dunia@1"
    assert effective(database, site, "Daerah", scorer) == "kabar@1"


def test_handing_back_returns_to_the_level_above(
    database: Database, site: Site, scorer: FakeScorer
) -> None:
    save(database, site)
    save(database, site, "Dunia")
    save(database, site, "Dunia", bands=None)
    assert effective(database, site, "Dunia", scorer) == "kabar@1"

    save(database, site, bands=None)
    assert effective(database, site, "Dunia", scorer) == "policy-1"


def test_a_policy_made_for_another_model_is_passed_over_and_named(
    database: Database, site: Site, scorer: FakeScorer
) -> None:
    save(database, site)
    other = save(database, site, "Dunia", model="fake-0")

    with database.reading() as tx:
        found = policies.find_effective(tx, site, "Dunia", scorer)

    assert found.policy.version == "kabar@1"
    assert found.passed_over == (other,)


def test_intake_judges_by_what_holds_and_labels_the_assessment(
    database: Database, site: Site, scorer: FakeScorer
) -> None:
    save(database, site, "Dunia")
    book = PolicyBook(database)
    intake = Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"), policies=book)

    def submit(comment_id: str, section: str) -> tuple[Verdict, str]:
        submission = Submission(comment_id, "goblok", article=Story(section=section))
        assessment = intake.submit(site, submission, now=MONDAY)[0].comment.assessment
        return assessment.verdict, assessment.policy_version

    assert submit("c-1", "Dunia") == (Verdict.APPROVE, "kabar/Dunia@1")
    assert submit("c-2", "Daerah") == (Verdict.REVIEW, "policy-1")
    save(database, site)
    assert submit("c-3", "Daerah") == (Verdict.REVIEW, "policy-1")
    book.forget()
    assert submit("c-4", "Daerah") == (Verdict.APPROVE, "kabar@1")


def test_a_comment_that_cannot_be_scored_waits_under_any_policy(
    database: Database, site: Site
) -> None:
    save(database, site)
    intake = Intake(
        database, FakeScorer(broken=True), Pseudonyms("a-secret"), policies=PolicyBook(database)
    )

    record, _ = intake.submit(site, Submission("c-1", "halo"), now=MONDAY)

    assert record.comment.assessment.verdict is Verdict.REVIEW
    assert record.comment.assessment.policy_version == "kabar@1"


def test_saving_is_audited(database: Database, site: Site) -> None:
    save(database, site, "Dunia")

    with database.reading() as tx:
        row = tx.execute(sa.select(audit_log)).one()
    assert (row.actor, row.act, row.subject) == ("rina", "policy.save", "kabar/Dunia@1")
    assert row.detail == {"source": "dial", "note": "ramai", "allowed_per_1000": 5}


def test_bands_that_leave_a_label_out_are_refused(database: Database, site: Site) -> None:
    with pytest.raises(InvalidError, match="no band for threat"):
        save(database, site, bands={k: v for k, v in LENIENT.items() if k is not Label.THREAT})


def test_an_earlier_version_comes_back_as_a_new_one(
    database: Database, site: Site, scorer: FakeScorer
) -> None:
    first = save(database, site)
    save(database, site, bands=a_policy().bands)

    with database.writing() as tx:
        restored = policies.restore(tx, first.id, author="bos", now=MONDAY)

    assert (restored.version, restored.bands, restored.author) == ("kabar@3", LENIENT, "bos")
    assert effective(database, site, "", scorer) == "kabar@3"
    with pytest.raises(NotFoundError), database.writing() as tx:
        policies.restore(tx, 999, author="bos", now=MONDAY)
