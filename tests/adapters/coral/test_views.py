import hashlib
import hmac
import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moderation.adapters.coral import views
from moderation.domain.scorer import Passage, Reading
from moderation.storage import coral
from moderation.storage.engine import Database
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer

SECRET = "a-signing-secret-of-coral"


def sign(body: bytes, *secrets: str) -> str:
    return ",".join(
        f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
        for secret in secrets
    )


def a_request(text: str = "Beritanya lengkap.", **more: Any) -> dict[str, Any]:
    return {
        "action": "NEW",
        "comment": {"body": text, "parentID": None},
        "author": {"id": "u-3", "role": "COMMENTER"},
        "story": {"id": "s-7", "url": "https://kabar.example/jalan-desa"},
        "site": {"id": "coral-site"},
        "tenantID": "t-1",
        "tenantDomain": "kabar.example",
        **more,
    }


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a busy machine take its time; what the deadline does has a test of its own."""
    monkeypatch.setattr(views, "LONGEST_WORK_S", 30)


@pytest.fixture
def secret(database: Database, site: Site) -> str:
    with database.writing() as tx:
        coral.set_secret(tx, site, SECRET, now=MONDAY)
    return SECRET


def moderate(
    client: FlaskClient, asked: Any, *secrets: str, site: str = "kabar", signature: str = ""
) -> Any:
    body = asked if isinstance(asked, bytes) else json.dumps(asked, indent=2).encode()
    headers = {"X-Coral-Signature": signature or sign(body, *(secrets or (SECRET,)))}
    return client.post(
        f"/adapters/coral/{site}", data=body, content_type="application/json", headers=headers
    )


def test_a_clean_comment_is_left_to_coral(client: FlaskClient, secret: str) -> None:
    response = moderate(client, a_request())

    assert (response.status_code, response.data) == (204, b"")


def test_a_doubtful_comment_is_withheld_and_flagged(
    client: FlaskClient, secret: str, headers: dict[str, str]
) -> None:
    response = moderate(client, a_request("dasar goblok"))

    assert response.json == {
        "status": "SYSTEM_WITHHELD",
        "actions": [{"actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC"}],
    }
    assert len(client.get("/v1/queue", headers=headers).json["items"]) == 1


def test_a_rejected_comment_comes_with_corals_reason(client: FlaskClient, secret: str) -> None:
    response = moderate(client, a_request("slot gacor"))

    assert response.json["status"] == "REJECTED"
    assert response.json["actions"] == [{"actionType": "FLAG", "reason": "COMMENT_DETECTED_SPAM"}]
    reason = response.json["moderationAction"]["rejectionReason"]
    assert reason["code"] == "SPAM"
    assert "gacor" in reason["detailedExplanation"]


def test_the_same_comment_again_is_one_comment(
    client: FlaskClient, secret: str, headers: dict[str, str]
) -> None:
    for _ in range(2):
        moderate(client, a_request("dasar goblok"))

    assert len(client.get("/v1/queue", headers=headers).json["items"]) == 1


@pytest.mark.parametrize("role", ["STAFF", "MODERATOR", "ADMIN"])
def test_the_sites_own_people_are_not_judged(client: FlaskClient, secret: str, role: str) -> None:
    asked = a_request("dasar goblok", author={"id": "u-1", "role": role})

    assert moderate(client, asked).status_code == 204


def test_either_signature_and_either_secret_is_good(
    client: FlaskClient, database: Database, site: Site, secret: str
) -> None:
    with database.writing() as tx:
        coral.set_secret(tx, site, "the-next-signing-secret", now=MONDAY)

    old = moderate(client, a_request(), SECRET)
    new = moderate(client, a_request(), "an-expired-secret-of-old", "the-next-signing-secret")
    with database.writing() as tx:
        coral.set_secret(tx, site, "the-next-signing-secret", now=MONDAY)
    forgotten = moderate(client, a_request(), SECRET)

    assert old.status_code == new.status_code == 204
    assert forgotten.json == {"status": "PREMOD"}


@pytest.mark.parametrize(
    "signature", ["sha256=", "sha256=00,sha256=zz", "sha1=00", "é", "sha256=é", ",,,"]
)
def test_what_is_not_signed_waits_and_is_not_stored(
    client: FlaskClient, secret: str, headers: dict[str, str], signature: str
) -> None:
    response = moderate(client, a_request("dasar goblok"), signature=signature)

    assert (response.status_code, response.json) == (200, {"status": "PREMOD"})
    assert response.headers["X-Moderasi-Reason"] == "bad-signature"
    assert client.get("/v1/queue", headers=headers).json["items"] == []


def test_a_site_nobody_set_a_secret_for_waits(client: FlaskClient, site: Site) -> None:
    assert moderate(client, a_request()).json == {"status": "PREMOD"}
    assert moderate(client, a_request(), site="nowhere").json == {"status": "PREMOD"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"comment": {"body": 7}, "author": {}, "story": {}}',
        b'{"comment": {"body": "a"}, "author": [], "story": {}}',
        b'{"comment": {"body": " "}, "author": {}, "story": {}}',
        json.dumps(a_request("a" * 20_001)).encode(),
    ],
)
def test_what_cannot_be_read_waits(client: FlaskClient, secret: str, body: bytes) -> None:
    response = moderate(client, body)

    assert (response.status_code, response.json) == (200, {"status": "PREMOD"})


def test_unstorable_characters_are_replaced(client: FlaskClient, secret: str) -> None:
    assert moderate(client, a_request("a\0b \ud800 goblok")).json["status"] == "SYSTEM_WITHHELD"


def test_an_unscored_comment_waits(client: FlaskClient, secret: str, scorer: FakeScorer) -> None:
    scorer.broken = True

    response = moderate(client, a_request())

    assert response.json == {"status": "PREMOD"}
    assert response.headers["X-Moderasi-Reason"] == "unscored"


def test_a_failing_database_lets_it_wait(
    client: FlaskClient, secret: str, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(app.extensions["moderation"].database, "write", fail)

    assert moderate(client, a_request()).json == {"status": "PREMOD"}


def test_an_answer_that_would_be_late_is_a_hold(
    client: FlaskClient, secret: str, scorer: FakeScorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    workers = ThreadPoolExecutor(1)
    read = scorer.read
    monkeypatch.setattr(views, "LONGEST_WORK_S", 0.15)

    def wait(passages: Sequence[Passage]) -> list[Reading]:
        go_on.wait(30)
        return read(passages)

    monkeypatch.setattr(scorer, "read", wait)
    monkeypatch.setattr(views, "_workers", workers)
    response = moderate(client, a_request())
    go_on.set()
    workers.shutdown(wait=True)

    assert response.json == {"status": "PREMOD"}
    assert response.headers["X-Moderasi-Reason"] == "too-slow"
