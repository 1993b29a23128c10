from typing import Any

import pytest
from flask.testing import FlaskClient

from moderation.adapters.perspective.attributes import ATTRIBUTES
from moderation.services import access
from moderation.storage.engine import Database
from moderation.storage.sites import Scope, Site
from tests.factories import MONDAY, FakeScorer

ANALYZE = "/v1alpha1/comments:analyze"
SUGGEST = "/v1alpha1/comments:suggestscore"


def analyze(client: FlaskClient, key: str, text: str = "dasar goblok", **more: Any) -> Any:
    body = {
        "comment": {"text": text},
        "languages": ["id"],
        "requestedAttributes": {"TOXICITY": {}},
        **more,
    }
    return client.post(f"{ANALYZE}?key={key}", json=body)


def error_type(response: Any) -> str:
    kind: str = response.json["error"]["details"][0]["errorType"]
    return kind


def test_every_attribute_is_scored_from_its_labels(client: FlaskClient, api_key: str) -> None:
    response = analyze(client, api_key, requestedAttributes={name: {} for name in ATTRIBUTES})

    scores = {
        name: found["summaryScore"]["value"]
        for name, found in response.json["attributeScores"].items()
    }
    assert response.status_code == 200
    assert scores == {
        "TOXICITY": 0.5,
        "SEVERE_TOXICITY": 0.01,
        "IDENTITY_ATTACK": 0.01,
        "INSULT": 0.5,
        "PROFANITY": 0.5,
        "THREAT": 0.01,
        "SEXUALLY_EXPLICIT": 0.01,
        "SPAM": 0.01,
        "TOXICITY_EXPERIMENTAL": 0.5,
        "SEVERE_TOXICITY_EXPERIMENTAL": 0.01,
        "IDENTITY_ATTACK_EXPERIMENTAL": 0.01,
        "INSULT_EXPERIMENTAL": 0.5,
        "PROFANITY_EXPERIMENTAL": 0.5,
        "THREAT_EXPERIMENTAL": 0.01,
    }
    assert response.json["languages"] == response.json["detectedLanguages"] == ["id"]
    assert "clientToken" not in response.json


def test_nothing_is_stored(client: FlaskClient, api_key: str, headers: dict[str, str]) -> None:
    analyze(client, api_key, doNotStore=False)

    assert client.get("/v1/queue", headers=headers).json["items"] == []


def test_spans_count_utf16_code_units(client: FlaskClient, api_key: str) -> None:
    text = "😀 dasar goblok"

    plain = analyze(client, api_key, text).json["attributeScores"]["TOXICITY"]
    spans = analyze(client, api_key, text, spanAnnotations=True, clientToken="t-1").json

    (span,) = spans["attributeScores"]["TOXICITY"]["spanScores"]
    utf16 = text.encode("utf-16-le")
    assert utf16[2 * span["begin"] : 2 * span["end"]].decode("utf-16-le") == "goblok"
    assert span["score"] == {"value": 0.5, "type": "PROBABILITY"}
    assert (plain["spanScores"][0]["begin"], plain["spanScores"][0]["end"]) == (0, 15)
    assert spans["clientToken"] == "t-1"


def test_a_score_below_its_threshold_is_left_out(client: FlaskClient, api_key: str) -> None:
    wanted = {"TOXICITY": {"scoreThreshold": 0.4}, "SPAM": {"scoreThreshold": 0.4}}

    response = analyze(client, api_key, requestedAttributes=wanted)

    assert list(response.json["attributeScores"]) == ["TOXICITY"]


@pytest.mark.parametrize("way", ["query", "header", "bearer"])
def test_the_key_may_travel_three_ways(client: FlaskClient, api_key: str, way: str) -> None:
    headers = {
        "query": {},
        "header": {"X-Goog-Api-Key": api_key},
        "bearer": {"Authorization": f"Bearer {api_key}"},
    }[way]
    path = f"{ANALYZE}?key={api_key}" if way == "query" else ANALYZE
    body = {"comment": {"text": "baik"}, "requestedAttributes": {"SPAM": {}}}

    assert client.post(path, json=body, headers=headers).status_code == 200


def test_a_request_without_a_good_key_is_refused(
    client: FlaskClient, api_key: str, akismet_key: str, database: Database, site: Site
) -> None:
    with database.writing() as tx:
        reviewer = access.issue_key(tx, site, [Scope.REVIEW], note="", now=MONDAY)

    missing = client.post(ANALYZE, json={})
    wrong = analyze(client, "AIza-unknown")
    foreign = analyze(client, akismet_key)
    scopeless = analyze(client, reviewer)

    assert missing.json["error"]["status"] == "PERMISSION_DENIED"
    assert missing.json["error"]["code"] == missing.status_code == 403
    assert wrong.json["error"]["details"][0]["reason"] == "API_KEY_INVALID"
    assert wrong.status_code == foreign.status_code == 400
    assert scopeless.status_code == 403


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"languages": ["fr"]}, "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"),
        ({"languages": ["id", "ja"]}, "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"),
        ({"comment": {"text": ""}}, "COMMENT_EMPTY"),
        ({"comment": {"text": None}}, "COMMENT_EMPTY"),
        ({"comment": {"text": " \n"}}, "COMMENT_EMPTY"),
        ({"comment": {"text": "é" * 10_241}}, "COMMENT_TOO_LONG"),
        ({"comment": {"text": "a", "type": "HTML"}}, "INVALID_REQUEST"),
        ({"requestedAttributes": {}}, "NO_REQUESTED_ATTRIBUTES"),
        ({"requestedAttributes": None}, "NO_REQUESTED_ATTRIBUTES"),
        ({"requestedAttributes": {"FLIRTATION": {}}}, "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"),
        ({"requestedAttributes": {"CLEVERNESS": {}}}, "INVALID_REQUEST"),
        ({"requestedAttributes": {"SPAM": {"scoreType": "RANK"}}}, "INVALID_REQUEST"),
        (
            {
                "context": {
                    "entries": [{"text": "a"}],
                    "articleAndParentComment": {"article": {"text": "b"}},
                }
            },
            "INVALID_REQUEST",
        ),
    ],
)
def test_what_the_original_refused_is_refused_alike(
    client: FlaskClient, api_key: str, change: dict[str, Any], kind: str
) -> None:
    response = analyze(client, api_key, **change)

    assert response.status_code == response.json["error"]["code"] == 400
    assert response.json["error"]["status"] == "INVALID_ARGUMENT"
    assert error_type(response) == kind


@pytest.mark.parametrize(
    "body",
    ["{", "[]", "null", '{"comment": 7}', '{"comment": {"text": 7}}', "[" * 100_000, "\xff"],
)
def test_a_body_that_cannot_be_read_is_an_invalid_argument(
    client: FlaskClient, api_key: str, body: str
) -> None:
    response = client.post(f"{ANALYZE}?key={api_key}", data=body.encode("latin-1"))

    assert response.status_code == 400
    assert response.json["error"]["message"].startswith("Invalid JSON payload received.")
    assert response.json["error"]["details"][0]["fieldViolations"]


def test_no_body_is_a_request_without_fields(client: FlaskClient, api_key: str) -> None:
    response = client.post(f"{ANALYZE}?key={api_key}")

    assert error_type(response) == "NO_REQUESTED_ATTRIBUTES"


def test_names_and_nulls_are_read_as_protocol_buffers_do(client: FlaskClient, api_key: str) -> None:
    body = {
        "comment": {"text": "dasar goblok", "type": None},
        "requested_attributes": {"INSULT": None, "THREAT": {"score_threshold": 0.9}},
        "languages": None,
        "context": None,
        "span_annotations": True,
        "client_token": "t",
    }

    response = client.post(f"{ANALYZE}?key={api_key}", json=body)

    assert response.status_code == 200
    assert list(response.json["attributeScores"]) == ["INSULT"]
    assert response.json["attributeScores"]["INSULT"]["spanScores"][0]["begin"] == 6
    assert response.json["clientToken"] == "t"


@pytest.mark.parametrize(
    "path",
    ["/$discovery/rest?version=v1alpha1", "/discovery/v1/apis/commentanalyzer/v1alpha1/rest"],
)
def test_the_discovery_document_leads_to_the_two_calls(
    client: FlaskClient, api_key: str, path: str
) -> None:
    document = client.get(path).json

    methods = document["resources"]["comments"]["methods"]
    assert document["rootUrl"] == "http://localhost/"
    for method in methods.values():
        assert set(document["schemas"]) >= {method["request"]["$ref"], method["response"]["$ref"]}
        address = f"/{document['servicePath']}{method['path']}?key={api_key}"
        assert client.open(address, method=method["httpMethod"]).status_code == 400


def test_another_version_is_not_described(client: FlaskClient) -> None:
    assert client.get("/$discovery/rest?version=v2").json["error"]["status"] == "NOT_FOUND"


def test_a_text_in_no_known_language_is_refused_unless_one_was_named(
    client: FlaskClient, api_key: str, scorer: FakeScorer
) -> None:
    scorer.unknown = "日本"

    unnamed = analyze(client, api_key, "日本", languages=[])
    named = analyze(client, api_key, "日本", languages=["en"])

    assert error_type(unnamed) == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
    assert unnamed.json["error"]["details"][0]["languageNotSupportedByAttributeError"] == {
        "detectedLanguages": ["und"],
        "attribute": "TOXICITY",
    }
    assert named.json["languages"] == ["en"]
    assert named.json["detectedLanguages"] == ["und"]


def test_a_failing_scorer_is_a_passing_failure_and_no_score(
    client: FlaskClient, api_key: str, scorer: FakeScorer
) -> None:
    scorer.broken = True

    response = analyze(client, api_key)

    assert response.status_code == 503
    assert response.json["error"]["status"] == "UNAVAILABLE"


def suggest(client: FlaskClient, key: str, text: str, **scores: float) -> Any:
    body = {
        "comment": {"text": text},
        "attributeScores": {name: {"summaryScore": {"value": v}} for name, v in scores.items()},
        "languages": ["id"],
        "communityId": "Coral:kabar",
        "clientToken": "comment:7",
    }
    return client.post(f"{SUGGEST}?key={key}", json=body)


@pytest.mark.parametrize(
    ("text", "scores", "decision", "labels"),
    [
        ("baik", {"THREAT": 1}, "reject", ["threat"]),
        ("baik", {"TOXICITY": 0.9, "SPAM": 0.1}, "reject", ["abuse"]),
        ("slot gacor", {"TOXICITY": 1}, "reject", ["spam"]),
        ("dasar goblok", {"TOXICITY": 0}, "approve", []),
        ("dasar goblok", {"APPROVED": 1}, "approve", []),
        ("serbu", {"DELETED": 1}, "reject", ["threat"]),
    ],
)
def test_a_suggestion_becomes_a_decision_to_learn_from(
    client: FlaskClient,
    api_key: str,
    headers: dict[str, str],
    text: str,
    scores: dict[str, float],
    decision: str,
    labels: list[str],
) -> None:
    response = suggest(client, api_key, text, **scores)
    suggest(client, api_key, text, **scores)

    assert response.status_code == 200
    assert response.json["clientToken"] == "comment:7"
    assert response.json["requestedLanguages"] == ["id"]
    (decided,) = client.get("/v1/decisions", headers=headers).json["decisions"]
    assert (decided["decision"], decided["labels"]) == (decision, labels)
    assert decided["decided_by"] == "Coral:kabar"


@pytest.mark.parametrize("scores", [{}, {"CLEVERNESS": 1}])
def test_a_suggestion_of_nothing_known_is_refused(
    client: FlaskClient, api_key: str, scores: dict[str, float]
) -> None:
    assert error_type(suggest(client, api_key, "baik", **scores)) == "INVALID_REQUEST"
