from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moderation.services import access
from moderation.storage import sites
from moderation.storage.engine import Database
from moderation.storage.sites import Scope, Site
from tests.factories import MONDAY, FakeClock, a_submission

# What answers without a key: health, the API documents, the pages of people, who log in, and the
# figures, which have a token of their own.
_OPEN = (
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/docs",
    "/discovery",
    "/$discovery",
    "/console",
    "/demo",
    "/static",
)
# Other systems' protocols ask for their keys, and refuse, each in its own way: tests/adapters.
_OTHER_PROTOCOLS = ("/<any(", "/<key>/", "/v1alpha1/", "/adapters/")


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def issue(database: Database, site: Site, *scopes: Scope, days: float | None = None) -> str:
    with database.writing() as tx:
        return access.issue_key(
            tx,
            site,
            scopes,
            note="tests",
            now=MONDAY,
            expires_at=None if days is None else MONDAY + timedelta(days=days),
        )


def paths_of_the_api(app: Flask) -> list[tuple[str, str]]:
    """Every route a key must open, with a value for each variable in its path."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith((*_OPEN, *_OTHER_PROTOCOLS)):
            continue
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<uuid:{name}>", "0190a5b4-0000-7000-8000-000000000000")
        found += [(method, path) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}]
    return found


def test_every_route_refuses_a_request_without_a_key(app: Flask, client: FlaskClient) -> None:
    for method, path in paths_of_the_api(app):
        response = client.open(path, method=method, json={})

        assert response.status_code == 401, (method, path)
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_every_route_refuses_a_key_with_no_scope(
    app: Flask, client: FlaskClient, database: Database, site: Site
) -> None:
    headers = bearer(issue(database, site))

    for method, path in paths_of_the_api(app):
        assert client.open(path, method=method, json={}, headers=headers).status_code == 403


def test_the_sweep_sees_the_whole_api(app: Flask) -> None:
    paths = {path for _, path in paths_of_the_api(app)}

    assert {"/v1/comments", "/v1/score", "/v1/queue", "/v1/queue/claim", "/v1/decisions"} <= paths


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer mb_unknown", "mb_unknown"]
)
def test_a_header_that_is_no_key_answers_401(client: FlaskClient, header: str) -> None:
    response = client.get("/v1/queue", headers={"Authorization": header})

    assert response.status_code == 401
    assert response.content_type == "application/problem+json"


def test_a_key_to_submit_cannot_review(client: FlaskClient, database: Database, site: Site) -> None:
    headers = bearer(issue(database, site, Scope.SUBMIT))

    assert client.post("/v1/comments", json=a_submission(), headers=headers).status_code == 201
    assert client.get("/v1/queue", headers=headers).status_code == 403


def test_an_expired_key_is_refused(
    client: FlaskClient, database: Database, site: Site, clock: FakeClock
) -> None:
    headers = bearer(issue(database, site, Scope.REVIEW, days=1))
    before = client.get("/v1/queue", headers=headers).status_code

    clock.advance(days=1)

    assert before == 200
    assert client.get("/v1/queue", headers=headers).status_code == 401


def test_a_revoked_key_is_refused_by_a_worker_that_has_not_seen_it(
    client: FlaskClient, database: Database, site: Site
) -> None:
    headers = bearer(issue(database, site, Scope.REVIEW))
    with database.writing() as tx:
        (key,) = sites.list_keys(tx)
        sites.revoke_key(tx, key.id, now=MONDAY)

    assert client.get("/v1/queue", headers=headers).status_code == 401


def test_a_site_sees_nothing_of_another(
    client: FlaskClient, database: Database, headers: dict[str, str]
) -> None:
    stored = client.post("/v1/comments", json=a_submission("dasar goblok"), headers=headers).json
    with database.writing() as tx:
        other = sites.add_site(tx, "warta", now=MONDAY)
    foreign = bearer(issue(database, other, *Scope))
    item = stored["queue_item"]

    assert client.get(f"/v1/comments/{stored['id']}", headers=foreign).status_code == 404
    assert client.get("/v1/comments?comment_id=c-1", headers=foreign).status_code == 404
    assert client.get("/v1/queue", headers=foreign).json["items"] == []
    claimed = client.post("/v1/queue/claim", json={"moderator": "x"}, headers=foreign)
    assert claimed.json["items"] == []
    for act, body in (("renew", {}), ("release", {}), ("decision", {"version": 1})):
        response = client.post(
            f"/v1/queue/{item}/{act}",
            json={"decision": "approve"} | body if act == "decision" else body,
            headers=foreign,
        )
        assert response.status_code == 404
    feedback = client.post(
        f"/v1/comments/{stored['id']}/feedback", json={"decision": "approve"}, headers=foreign
    )
    assert feedback.status_code == 404
