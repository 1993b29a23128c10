import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from moderation.api.complaints import ComplaintOut
from moderation.domain.delivery import Event
from moderation.services import complaints
from moderation.storage import webhooks
from moderation.storage.engine import Database
from moderation.storage.sites import Site
from moderation.storage.webhook_schema import webhook_outbox
from tests.factories import MONDAY, FakeClock, a_submission

Headers = dict[str, str]


def complain(client: FlaskClient, headers: Headers, **change: Any) -> Any:
    body = {"text": "Komentar itu memfitnah saya.", "comment_id": "c-1", **change}
    return client.post("/v1/complaints", json=body, headers=headers)


def resolve(client: FlaskClient, headers: Headers, ticket: str, **change: Any) -> Any:
    body = {"resolution": "removed", "labels": ["abuse"], "by": "sari", **change}
    return client.post(f"/v1/complaints/{ticket}/resolution", json=body, headers=headers)


@pytest.fixture
def comment(client: FlaskClient, headers: Headers) -> Any:
    """A published comment that somebody may complain about."""
    return client.post("/v1/comments", json=a_submission(), headers=headers).json


@pytest.mark.parametrize(
    ("kind", "urgent", "hours"),
    [
        ("complaint", False, 48),
        ("appeal", False, 48),
        ("complaint", True, 24),
        ("takedown", False, 24),
        ("takedown", True, 4),
    ],
)
def test_each_kind_has_its_clock_and_a_ticket(
    client: FlaskClient, headers: Headers, comment: Any, kind: str, urgent: bool, hours: int
) -> None:
    answer = complain(client, headers, kind=kind, urgent=urgent)

    assert answer.status_code == 201
    assert ComplaintOut().validate(answer.json or {}) == {}
    due = (MONDAY + timedelta(hours=hours)).isoformat(timespec="milliseconds")
    assert answer.json["due_at"] == due.replace("+00:00", "Z")
    assert answer.json["comment"] == comment["id"]
    ticket = answer.json["ticket"]
    assert ticket.startswith("MB-261123-")
    shown = client.get(f"/v1/complaints/{ticket.lower()}", headers=headers)
    assert shown.json == answer.json


def test_what_is_overdue_is_seen_and_ends_with_its_resolution(
    client: FlaskClient,
    headers: Headers,
    comment: Any,
    clock: FakeClock,
    database: Database,
    site: Site,
) -> None:
    slow = complain(client, headers).json["ticket"]
    order = complain(client, headers, kind="takedown", comment_id="", url="https://k.example/1")
    clock.advance(hours=24)

    with database.reading() as tx:
        late = complaints.overdue(tx, site.id, now=clock())
        assert complaints.overdue(tx, None, now=clock()) == late
    assert [one.ticket for one in late] == [order.json["ticket"]]
    listed = client.get("/v1/complaints", headers=headers).json["complaints"]
    assert [(one["ticket"], one["overdue"]) for one in listed] == [
        (order.json["ticket"], True),
        (slow, False),
    ]

    assert resolve(client, headers, order.json["ticket"]).json["overdue"] is False
    with database.reading() as tx:
        assert complaints.overdue(tx, site.id, now=clock()) == []


def test_a_removal_decides_the_comment_and_names_the_ticket(
    client: FlaskClient, headers: Headers, comment: Any
) -> None:
    ticket = complain(client, headers).json["ticket"]

    assert resolve(client, headers, ticket).status_code == 200

    stored = client.get(f"/v1/comments/{comment['id']}", headers=headers).json
    assert stored["decision"]["decision"] == "reject"
    assert ticket in stored["decision"]["note"]
    assert resolve(client, headers, ticket).status_code == 422


def test_a_comment_that_is_kept_gets_no_decision(
    client: FlaskClient, headers: Headers, comment: Any
) -> None:
    ticket = complain(client, headers).json["ticket"]

    resolve(client, headers, ticket, resolution="kept", labels=[], note="Kritik yang wajar.")

    stored = client.get(f"/v1/comments/{comment['id']}", headers=headers).json
    assert stored["decision"] is None


def test_an_appeal_goes_to_another_person_than_the_first(
    client: FlaskClient, headers: Headers, comment: Any
) -> None:
    feedback = {"decision": "reject", "labels": ["abuse"], "reporter": "sari"}
    client.post(f"/v1/comments/{comment['id']}/feedback", json=feedback, headers=headers)
    ticket = complain(client, headers, kind="appeal").json["ticket"]

    refused = resolve(client, headers, ticket, resolution="restored", by="sari")
    taken = resolve(client, headers, ticket, resolution="restored", by="tono")

    assert (refused.status_code, taken.status_code) == (403, 200)
    stored = client.get(f"/v1/comments/{comment['id']}", headers=headers).json
    assert (stored["decision"]["decision"], stored["decision"]["decided_by"]) == (
        "approve",
        "tono",
    )


@pytest.mark.parametrize("about", [{"comment_id": "c-1"}, {"comment_id": "", "url": "https://k/1"}])
def test_the_outcome_is_told_by_webhook_without_words_or_people(
    client: FlaskClient,
    headers: Headers,
    comment: Any,
    database: Database,
    site: Site,
    about: dict[str, str],
) -> None:
    with database.writing() as tx:
        webhooks.add(
            tx, site.id, "https://k.example", [Event.COMPLAINT_RESOLVED], salt="s", now=MONDAY
        )
    ticket = complain(client, headers, **about).json["ticket"]

    resolve(client, headers, ticket, resolution="kept", labels=[], note="Kritik yang wajar.")

    with database.reading() as tx:
        (payload,) = tx.execute(sa.select(webhook_outbox.c.payload)).scalars()
    data = json.loads(payload)["data"]
    assert (data["ticket"], data["kind"], data["resolution"]) == (ticket, "complaint", "kept")
    assert data.get("comment") == (comment["id"] if about["comment_id"] else None)
    assert "Kritik" not in payload
    assert "sari" not in payload


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"comment_id": ""}, 422),
        ({"comment_id": "nowhere"}, 404),
        ({"kind": "appeal", "comment_id": "", "url": "https://k.example/1"}, 422),
        ({"text": " "}, 422),
        ({"kind": "praise"}, 422),
    ],
)
def test_a_demand_about_nothing_is_refused(
    client: FlaskClient, headers: Headers, comment: Any, change: dict[str, Any], status: int
) -> None:
    assert complain(client, headers, **change).status_code == status


def test_a_removal_without_a_label_is_refused(
    client: FlaskClient, headers: Headers, comment: Any
) -> None:
    ticket = complain(client, headers).json["ticket"]

    assert resolve(client, headers, ticket, labels=[]).status_code == 422
    assert resolve(client, headers, "MB-000000-AAAA-AAAA").status_code == 404


def test_the_export_tells_what_was_resolved_in_time(
    client: FlaskClient, headers: Headers, comment: Any, clock: FakeClock
) -> None:
    quick, slow, never = (
        complain(client, headers, text=text).json["ticket"] for text in ("a", "=b", "c")
    )
    resolve(client, headers, quick)
    clock.advance(hours=49)
    resolve(client, headers, slow)

    answer = client.get(
        "/v1/complaints/csv?since=2026-11-01T00:00:00Z&until=2026-12-01T00:00:00Z",
        headers=headers,
    )

    rows = {line.split(",")[0]: line for line in answer.text.splitlines()}
    assert rows[quick].endswith(",yes")
    assert rows[slow].endswith(",no")
    assert rows[never].endswith(",")
    assert ",'=b," in rows[slow]
