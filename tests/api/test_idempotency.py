from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moderation.services import access, idempotency
from moderation.storage.engine import Database
from moderation.storage.sites import Scope, Site
from tests.factories import MONDAY, FakeClock, FakeScorer, a_submission

Headers = dict[str, str]


def submit(
    client: FlaskClient, headers: Headers, key: str = '"k-1"', text: str = "baik", **fields: Any
) -> Any:
    return client.post(
        "/v1/comments",
        json=a_submission(text, **fields),
        headers={**headers, "Idempotency-Key": key},
    )


@pytest.mark.parametrize("again", ['"k-1"', "k-1", ' "k-1" ', '"k-1";v=1'])
def test_a_repeat_gets_the_first_answer_again(
    client: FlaskClient, headers: Headers, again: str
) -> None:
    first = submit(client, headers)

    repeat = submit(client, headers, again)

    assert (first.status_code, repeat.status_code) == (201, 201)
    assert repeat.data == first.data
    assert repeat.content_type == first.content_type
    assert (first.headers.get("Idempotency-Replayed"), repeat.headers["Idempotency-Replayed"]) == (
        None,
        "true",
    )


def test_an_expected_refusal_is_repeated_too(client: FlaskClient, headers: Headers) -> None:
    first = submit(client, headers, text="")

    repeat = submit(client, headers, text="")

    assert first.status_code == repeat.status_code == 422
    assert repeat.data == first.data
    assert repeat.headers["Idempotency-Replayed"] == "true"


def test_another_request_under_the_same_key_answers_422(
    client: FlaskClient, headers: Headers
) -> None:
    submit(client, headers)

    other_body = submit(client, headers, text="lain")
    other_path = client.post(
        "/v1/score",
        json=a_submission("baik"),
        headers={**headers, "Idempotency-Key": '"k-1"'},
    )

    assert other_body.status_code == other_path.status_code == 422
    assert other_body.json["type"].endswith("#reused-idempotency-key")
    assert client.get("/v1/comments?comment_id=c-1", headers=headers).json["verdict"] == "approve"


def test_a_repeat_that_comes_too_early_answers_409(
    client: FlaskClient, headers: Headers, app: Flask, clock: FakeClock
) -> None:
    submit(client, headers)
    with app.extensions["moderation"].database.writing() as tx:
        tx.exec_driver_sql("UPDATE idempotent_answers SET status = NULL")

    early = submit(client, headers)
    clock.advance(minutes=2)
    after_a_crash = submit(client, headers)

    assert early.status_code == 409
    assert early.json["type"].endswith("#still-running")
    assert after_a_crash.status_code == 200
    assert "Idempotency-Replayed" not in after_a_crash.headers


def test_a_key_is_free_again_after_24_hours(
    client: FlaskClient, headers: Headers, clock: FakeClock
) -> None:
    submit(client, headers)
    clock.advance(hours=24, seconds=1)

    assert submit(client, headers, text="lain", comment_id="c-2").status_code == 201


def test_keys_of_different_clients_never_meet(
    client: FlaskClient, headers: Headers, database: Database, site: Site
) -> None:
    with database.writing() as tx:
        other = access.issue_key(tx, site, [Scope.SUBMIT], note="", now=MONDAY)
    submit(client, headers)

    response = submit(client, {"Authorization": f"Bearer {other}"}, text="lain", comment_id="c-2")

    assert response.status_code == 201


def test_a_failure_of_ours_is_not_kept(
    client: FlaskClient, headers: Headers, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(app.extensions["moderation"].database, "write", fail)
        failed = submit(client, headers)
    mended = submit(client, headers)

    assert (failed.status_code, mended.status_code) == (500, 201)


@pytest.mark.parametrize("key", ["", '""', '"open', 'a"b', "a b", '"\t"', "x" * 256, "é"])
def test_what_is_no_key_answers_400(client: FlaskClient, headers: Headers, key: str) -> None:
    response = submit(client, headers, key)

    assert response.status_code == 400
    assert response.json["type"].endswith("#malformed-idempotency-key")
    assert response.content_type == "application/problem+json"


def test_the_document_names_the_header_on_every_post(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json

    posts = [path["post"] for path in document["paths"].values() if "post" in path]
    assert posts
    for post in posts:
        assert "Idempotency-Key" in [parameter["name"] for parameter in post["parameters"]]
        assert {"400", "409", "422", "429"} <= set(post["responses"])


def test_a_scorer_that_fails_is_an_answer_that_is_kept(
    client: FlaskClient, headers: Headers, scorer: FakeScorer
) -> None:
    scorer.broken = True
    first = submit(client, headers)
    scorer.broken = False

    assert submit(client, headers).data == first.data


def test_parts_of_a_request_cannot_be_shifted_into_each_other() -> None:
    one = idempotency.claim_for(1, "k", b"/v1/a", b"bc")
    other = idempotency.claim_for(1, "k", b"/v1/ab", b"c")

    assert one.fingerprint != other.fingerprint
