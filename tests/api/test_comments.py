from typing import Any

import pytest
from flask.testing import FlaskClient

from moderation.api.schemas import CommentOut, ProblemOut, ScoreOut
from moderation.domain.comment import LONGEST_TEXT
from tests.factories import FakeScorer, a_submission

Headers = dict[str, str]


def submit(client: FlaskClient, headers: Headers, body: Any) -> Any:
    return client.post("/v1/comments", json=body, headers=headers)


def test_a_comment_is_stored_and_answered_with_its_assessment(
    client: FlaskClient, headers: Headers
) -> None:
    response = submit(client, headers, a_submission())

    assert response.status_code == 201
    assert CommentOut().validate(response.json or {}) == {}
    assert response.json["verdict"] == "approve"
    assert response.json["comment_id"] == "c-1"
    assert response.json["revision"] == 1
    assert set(response.json["scores"]) == {"spam", "abuse", "hate", "threat", "sexual"}
    assert (response.json["queue_item"], response.json["decision"]) == (None, None)


def test_the_same_comment_again_answers_200_with_the_same_assessment(
    client: FlaskClient, headers: Headers
) -> None:
    first = submit(client, headers, a_submission())

    again = submit(client, headers, a_submission())

    assert again.status_code == 200
    assert again.json == first.json


def test_the_same_revision_with_other_words_answers_409(
    client: FlaskClient, headers: Headers
) -> None:
    submit(client, headers, a_submission())

    response = submit(client, headers, a_submission("Lain sekali."))

    assert response.status_code == 409
    assert response.content_type == "application/problem+json"
    assert response.json["type"].endswith("#content-conflict")


def test_spans_point_into_the_text_as_sent(client: FlaskClient, headers: Headers) -> None:
    text = "🎉🎉 mampir yuk, GACOR!"

    reason = submit(client, headers, a_submission(text)).json["reasons"][0]

    (span,) = reason["spans"]
    assert text[span["start"] : span["end"]] == span["text"] == "GACOR"
    assert reason["label"] == "spam"
    assert reason["score"] >= reason["threshold"]


def test_a_failing_scorer_still_stores_the_comment_for_a_person(
    client: FlaskClient, headers: Headers, scorer: FakeScorer
) -> None:
    scorer.broken = True

    response = submit(client, headers, a_submission())

    assert response.status_code == 201
    assert response.json["verdict"] == "review"
    assert response.json["scores"] == {}
    assert response.json["queue_item"] is not None


def test_a_comment_is_found_by_either_id(client: FlaskClient, headers: Headers) -> None:
    stored = submit(client, headers, a_submission()).json

    by_ours = client.get(f"/v1/comments/{stored['id']}", headers=headers)
    by_theirs = client.get("/v1/comments?comment_id=c-1", headers=headers)

    assert by_ours.json == by_theirs.json == stored


def test_looking_up_by_the_sites_id_gives_the_newest_revision(
    client: FlaskClient, headers: Headers
) -> None:
    submit(client, headers, a_submission())
    submit(client, headers, a_submission("Sudah saya perbaiki.", revision=2))

    response = client.get("/v1/comments?comment_id=c-1", headers=headers)

    assert response.json["revision"] == 2


@pytest.mark.parametrize(
    "path", ["/v1/comments/01a21179-0000-7000-8000-000000000000", "/v1/comments?comment_id=nowhere"]
)
def test_a_comment_nobody_sent_answers_404(
    client: FlaskClient, headers: Headers, path: str
) -> None:
    response = client.get(path, headers=headers)

    assert response.status_code == 404
    assert response.json["type"].endswith("#not-found")


def test_the_sites_own_decision_closes_the_item_and_shows_in_decisions(
    client: FlaskClient, headers: Headers
) -> None:
    stored = submit(client, headers, a_submission("dasar goblok")).json

    response = client.post(
        f"/v1/comments/{stored['id']}/feedback",
        json={"decision": "reject", "labels": ["abuse"], "reporter": "wp-admin"},
        headers=headers,
    )

    assert response.status_code == 200
    assert response.json["decision"]["decided_by"] == "wp-admin"
    assert client.get("/v1/queue", headers=headers).json["items"] == []
    (decided,) = client.get("/v1/decisions", headers=headers).json["decisions"]
    assert (decided["comment_id"], decided["source"]) == ("c-1", "site")


def test_score_assesses_many_and_stores_none(client: FlaskClient, headers: Headers) -> None:
    response = client.post(
        "/v1/score",
        json={"comments": [{"text": "gacor"}, {"text": "baik", "parent": {"text": "ya"}}]},
        headers=headers,
    )

    assert response.status_code == 200
    assert ScoreOut().validate(response.json or {}) == {}
    verdicts = [found["verdict"] for found in response.json["assessments"]]
    assert verdicts == ["reject", "approve"]
    assert client.get("/v1/queue", headers=headers).json["items"] == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"text": ""}, "/text"),
        ({"text": " \n\t"}, "/text"),
        ({"text": "x" * (LONGEST_TEXT + 1)}, "/text"),
        ({"text": 7}, "/text"),
        ({"text": None}, "/text"),
        ({"text": ["a"]}, "/text"),
        ({"text": "a\0b"}, "/text"),
        ({"text": "a\ud83d"}, "/text"),
        ({"comment_id": ""}, "/comment_id"),
        ({"comment_id": 5}, "/comment_id"),
        ({"comment_id": "\ud800"}, "/comment_id"),
        ({"revision": 0}, "/revision"),
        ({"revision": 1.5}, "/revision"),
        ({"revision": "1"}, "/revision"),
        ({"revision": 10**30}, "/revision"),
        ({"article": "judul"}, "/article"),
        ({"article": {"title": 1}}, "/article/title"),
        ({"article": {"a/b": "x"}}, "/article/a~1b"),
        ({"author": {"name": "a\0"}}, "/author/name"),
        ({"submitted_at": "kemarin"}, "/submitted_at"),
        ({"submitted_at": "2026-11-23T10:00:00"}, "/submitted_at"),
        ({"surprise": True}, "/surprise"),
    ],
)
def test_a_wrong_field_is_named_by_a_pointer(
    client: FlaskClient, headers: Headers, change: dict[str, Any], pointer: str
) -> None:
    response = submit(client, headers, {**a_submission(), **change})

    assert response.status_code == 422
    assert response.content_type == "application/problem+json"
    assert ProblemOut().validate(response.json or {}) == {}
    assert [error["pointer"] for error in response.json["errors"]] == [pointer]


def test_a_whole_number_may_be_written_with_a_point(client: FlaskClient, headers: Headers) -> None:
    response = submit(client, headers, a_submission(revision=2.0))

    assert (response.status_code, response.json["revision"]) == (201, 2)


def test_missing_fields_are_all_named_at_once(client: FlaskClient, headers: Headers) -> None:
    response = submit(client, headers, {})

    assert {error["pointer"] for error in response.json["errors"]} == {"/comment_id", "/text"}


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"text": "\xff"}', "application/json", 400),
        (b'{"revision": NaN}', "application/json", 400),
        (b'{"revision": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b"[1, 2]", "application/json", 422),
        (b'"teks"', "application/json", 422),
        (b"null", "application/json", 422),
        (b"text=halo", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"", "application/json", 422),
        (b" " * 2_000_001, "application/json", 413),
    ],
)
def test_a_body_that_is_no_submission_gets_a_clear_refusal(
    client: FlaskClient, headers: Headers, body: bytes, content_type: str, status: int
) -> None:
    response = client.post("/v1/comments", data=body, headers=headers, content_type=content_type)

    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert response.json["status"] == status
    assert response.json["detail"]


@pytest.mark.parametrize("count", [0, 1001])
def test_score_takes_one_to_a_thousand_texts(
    client: FlaskClient, headers: Headers, count: int
) -> None:
    response = client.post("/v1/score", json={"comments": [{"text": "a"}] * count}, headers=headers)

    assert response.status_code == 422


def test_a_wrong_text_among_many_is_named_by_its_place(
    client: FlaskClient, headers: Headers
) -> None:
    response = client.post(
        "/v1/score", json={"comments": [{"text": "a"}, {"text": ""}]}, headers=headers
    )

    assert response.json["errors"][0]["pointer"] == "/comments/1/text"


def test_the_longest_text_is_taken(client: FlaskClient, headers: Headers) -> None:
    assert submit(client, headers, a_submission("é" * LONGEST_TEXT)).status_code == 201
