from typing import Any

import pytest
from flask.testing import FlaskClient

from moderation.api.rule_schemas import DryRunOut, RulesOut, RuleVersionsOut
from moderation.services import access
from moderation.storage.engine import Database
from moderation.storage.sites import Scope, Site
from tests.factories import MONDAY, a_submission

Headers = dict[str, str]
LIST = {"kind": "words", "effect": "reject", "mode": "on", "entries": ["bandar bola"], "by": "sari"}


def save(client: FlaskClient, headers: Headers, **change: Any) -> Any:
    return client.put("/v1/lists/judi", json={**LIST, **change}, headers=headers)


def test_a_saved_list_acts_at_once_and_stands_in_the_answer(
    client: FlaskClient, headers: Headers
) -> None:
    assert save(client, headers).json == {"name": "judi", "mode": "on", "version": 1}

    answer = client.post("/v1/comments", json=a_submission("Bandar bola!"), headers=headers)

    assert answer.json["verdict"] == "reject"
    assert answer.json["reasons"] == []
    (match,) = answer.json["rules"]
    assert match["message"] == "Memuat “bandar bola” dari daftar tolak “judi”."
    assert match["spans"] == [{"start": 0, "end": 11, "text": "Bandar bola"}]
    again = client.get(f"/v1/comments/{answer.json['id']}", headers=headers)
    assert again.json["rules"] == [match]


def test_a_list_observes_unless_told_otherwise_and_shows_its_counts(
    client: FlaskClient, headers: Headers
) -> None:
    body = {name: value for name, value in LIST.items() if name != "mode"}
    client.put("/v1/lists/judi", json=body, headers=headers)
    client.post("/v1/comments", json=a_submission("Bandar bola!"), headers=headers)

    answer = client.get("/v1/rules", headers=headers)

    assert RulesOut().validate(answer.json or {}) == {}
    (rule,) = answer.json["rules"]
    assert (rule["mode"], rule["entries"], rule["matched"], rule["changed"]) == ("observe", 1, 1, 1)


def test_a_dry_run_says_what_would_have_changed(client: FlaskClient, headers: Headers) -> None:
    client.post("/v1/comments", json=a_submission("Bandar bola!"), headers=headers)

    answer = client.post("/v1/lists/judi/dry-run", json=LIST, headers=headers)

    assert DryRunOut().validate(answer.json or {}) == {}
    assert answer.json == {
        "comments": 1,
        "matched": 1,
        "would_change": [{"verdict": "approve", "otherwise": "reject", "comments": 1}],
        "samples": [{"comment_id": "c-1", "text": "Bandar bola!"}],
    }


def test_a_change_can_be_undone_and_both_are_versions(
    client: FlaskClient, headers: Headers
) -> None:
    save(client, headers)
    save(client, headers, entries=["lain"])

    client.post("/v1/rules/judi/undo", json={"by": "tono"}, headers=headers)

    assert client.get("/v1/lists/judi", headers=headers).json == {"entries": ["bandar bola"]}
    assert client.get("/v1/lists/judi/csv", headers=headers).text == "entry\r\nbandar bola\r\n"
    versions = client.get("/v1/rules/judi/versions", headers=headers)
    assert RuleVersionsOut().validate(versions.json or {}) == {}
    assert [one["change"] for one in versions.json["versions"]] == ["undo 2", "+1 -1", "+1 -0"]


def test_a_rule_is_switched_with_its_parameters(client: FlaskClient, headers: Headers) -> None:
    answer = client.put(
        "/v1/rules/first_comments",
        json={"mode": "on", "parameters": {"approved": 5}},
        headers=headers,
    )

    assert answer.status_code == 200
    (rule,) = client.get("/v1/rules", headers=headers).json["rules"]
    assert (rule["mode"], rule["parameters"]) == ("on", {"approved": 5.0})
    off = client.post("/v1/rules/first_comments/mode", json={"mode": "off"}, headers=headers)
    assert off.json == {"name": "first_comments", "mode": "off", "version": 2}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/rules/first_comments", {"mode": "on", "parameters": {"share": 1}}, 422),
        ("/v1/rules/rejected_share", {"mode": "on", "parameters": {"share": 1.5}}, 422),
        ("/v1/rules/rejected_share", {"mode": "maybe"}, 422),
        ("/v1/rules/words", {"mode": "on"}, 404),
        ("/v1/lists/judi", {**LIST, "entries": ["?"]}, 422),
        ("/v1/lists/judi", {**LIST, "effect": "tighten"}, 422),
        ("/v1/lists/judi", {**LIST, "kind": "campaign"}, 422),
        ("/v1/lists/campaign", LIST, 422),
    ],
)
def test_what_makes_no_sense_is_refused(
    client: FlaskClient, headers: Headers, path: str, body: dict[str, Any], status: int
) -> None:
    answer = client.put(path, json=body, headers=headers)

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


def test_rules_are_for_administrators(client: FlaskClient, database: Database, site: Site) -> None:
    with database.writing() as tx:
        key = access.issue_key(tx, site, [Scope.SUBMIT, Scope.REVIEW], note="", now=MONDAY)

    answer = client.get("/v1/rules", headers={"Authorization": f"Bearer {key}"})

    assert answer.status_code == 403


def test_an_unknown_list_is_not_found(client: FlaskClient, headers: Headers) -> None:
    assert client.get("/v1/lists/nowhere", headers=headers).status_code == 404
    assert client.post("/v1/rules/nowhere/undo", json={}, headers=headers).status_code == 404
