import json
from datetime import timedelta

import pytest

from moderation.domain.comment import Author, Story, Submission
from moderation.domain.decision import Decision, Source
from moderation.domain.verdict import Label
from moderation.services import access, akismet, review
from moderation.services.access import KeyRing, digest_akismet_key
from moderation.services.akismet_callback import build_callback, callback_for
from moderation.services.intake import Intake
from moderation.services.records import Record
from moderation.services.review import Hold
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.queue import Filter
from moderation.storage.sites import ApiKey, Site
from tests.factories import MONDAY, FakeScorer

CALLBACK = "https://kabar.example/wp-json/akismet/v1/webhook"
PSEUDONYMS = Pseudonyms("a-secret-for-the-tests")
COMMENT = Submission(
    "", "dasar goblok", article=Story(id="7"), author=Author(email="budi@surat.example")
)


@pytest.fixture
def intake(database: Database, scorer: FakeScorer) -> Intake:
    return Intake(database, scorer, PSEUDONYMS)


@pytest.fixture
def secret(database: Database, site: Site) -> str:
    with database.writing() as tx:
        return access.issue_akismet_key(tx, site, PSEUDONYMS, note="", now=MONDAY)


@pytest.fixture
def key(database: Database, secret: str) -> ApiKey:
    found = KeyRing(database).find_by_digest(digest_akismet_key(PSEUDONYMS, secret), now=MONDAY)
    assert found is not None
    return found


def checked(intake: Intake, key: ApiKey, callback: str = CALLBACK) -> Record:
    return akismet.check(intake, key, COMMENT, callback=callback, again=False, now=MONDAY)


def decided(database: Database) -> Record:
    with database.writing() as tx:
        (record,) = review.claim(
            tx, Filter(), moderator="sari", count=1, lease=timedelta(minutes=5), now=MONDAY
        )
        assert record.item is not None
        return review.decide(
            tx,
            record.item.id,
            Hold(),
            site_id=None,
            decision=Decision.REJECT,
            labels=[Label.ABUSE],
            note="",
            source=Source.CONSOLE,
            now=MONDAY,
        )


def test_a_decision_here_is_told_with_the_key_the_site_knows(
    intake: Intake, database: Database, key: ApiKey, secret: str
) -> None:
    record = checked(intake, key)

    with database.reading() as tx:
        callback = callback_for(tx, PSEUDONYMS, decided(database))

    assert callback is not None
    assert callback.url == CALLBACK
    assert callback.headers["X-Akismet-Webhook"] == "1"
    assert json.loads(callback.body) == {
        "key": secret,
        "endpoint": "comment-check",
        "comments": [{"guid": record.comment.id.hex, "result": "true", "comment_post_ID": "7"}],
    }


def test_what_waits_or_has_no_callback_is_not_told(
    intake: Intake, database: Database, key: ApiKey
) -> None:
    waiting = checked(intake, key, callback="")

    with database.reading() as tx:
        assert callback_for(tx, PSEUDONYMS, waiting) is None
        assert callback_for(tx, PSEUDONYMS, decided(database)) is None


def test_what_the_site_decided_itself_is_not_told_back(
    intake: Intake, database: Database, key: ApiKey
) -> None:
    checked(intake, key)
    record = akismet.report(
        intake, key, COMMENT, decision=Decision.REJECT, reporter="wati", now=MONDAY
    )

    with database.reading() as tx:
        assert callback_for(tx, PSEUDONYMS, record) is None


def test_an_approval_is_false_and_an_unknown_post_is_left_out() -> None:
    callback = build_callback(url=CALLBACK, key="0" * 12, guid="g", decision=Decision.APPROVE)

    assert json.loads(callback.body)["comments"] == [{"guid": "g", "result": "false"}]


def test_the_key_lies_in_no_table(database: Database, secret: str) -> None:
    tables = ("api_keys", "akismet_keys")
    with database.reading() as tx:
        rows = [str(tx.exec_driver_sql(f"SELECT * FROM {name}").all()) for name in tables]  # noqa: S608

    assert all(secret not in row for row in rows)
