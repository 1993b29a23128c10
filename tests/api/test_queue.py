from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from moderation.api.queue_schemas import DecisionsOut, ItemOut, QueueOut
from moderation.api.schemas import ProblemOut
from moderation.app import create_app
from moderation.settings import Settings
from tests.factories import FakeClock, FakeScorer, a_submission

Headers = dict[str, str]


@pytest.fixture
def waiting(client: FlaskClient, headers: Headers, clock: FakeClock) -> list[str]:
    """Three borderline comments, a second apart; the last is a threat."""
    items = []
    for number, text in enumerate(["dasar goblok", "goblok juga", "ayo serbu"]):
        body = a_submission(text, comment_id=f"c-{number}")
        response = client.post("/v1/comments", json=body, headers=headers)
        items.append(response.json["queue_item"])
        clock.advance(seconds=1)
    return items


def claim(client: FlaskClient, headers: Headers, **fields: Any) -> list[dict[str, Any]]:
    response = client.post(
        "/v1/queue/claim", json={"moderator": "sari", "lease_s": 60, **fields}, headers=headers
    )
    assert response.status_code == 200
    items: list[dict[str, Any]] = response.json["items"]
    return items


def test_the_queue_shows_the_worst_first_with_all_a_moderator_needs(
    client: FlaskClient, headers: Headers, waiting: list[str]
) -> None:
    response = client.get("/v1/queue", headers=headers)

    assert QueueOut().validate(response.json or {}) == {}
    items = response.json["items"]
    assert [item["id"] for item in items] == [waiting[2], waiting[0], waiting[1]]
    assert items[0]["comment"]["text"] == "ayo serbu"
    assert items[0]["comment"]["article"]["section"] == "Daerah"
    assert items[0]["comment"]["author_name"] == "Budi"
    assert response.json["next_cursor"] is None


@pytest.mark.parametrize("order", ["priority", "oldest"])
def test_pages_lead_through_the_whole_queue(
    client: FlaskClient, headers: Headers, waiting: list[str], order: str
) -> None:
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = f"order={order}&limit=1" + (f"&cursor={cursor}" if cursor else "")
        page = client.get(f"/v1/queue?{query}", headers=headers).json
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]

    assert sorted(found) == sorted(waiting)
    if order == "oldest":
        assert found == waiting


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("label=threat", 1),
        ("label=abuse", 2),
        ("section=Daerah", 3),
        ("section=Dunia", 0),
        ("site=kabar", 3),
    ],
)
def test_filters_narrow_the_queue(
    client: FlaskClient, headers: Headers, waiting: list[str], query: str, count: int
) -> None:
    assert waiting
    assert len(client.get(f"/v1/queue?{query}", headers=headers).json["items"]) == count


def test_asking_for_another_sites_queue_is_forbidden(client: FlaskClient, headers: Headers) -> None:
    assert client.get("/v1/queue?site=warta", headers=headers).status_code == 403


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "order=newest", "label=rude", "page=2"])
def test_a_wrong_parameter_is_named(client: FlaskClient, headers: Headers, query: str) -> None:
    response = client.get(f"/v1/queue?{query}", headers=headers)

    assert response.status_code == 422
    assert response.json["errors"][0]["parameter"] == query.partition("=")[0]


@pytest.mark.parametrize("cursor", ["x", "bm90IGpzb24", "W10", "W251bGwsIG51bGxd", "ééé"])
def test_a_cursor_of_somebody_elses_making_is_refused(
    client: FlaskClient, headers: Headers, cursor: str
) -> None:
    response = client.get("/v1/queue", query_string={"cursor": cursor}, headers=headers)

    assert response.status_code == 422
    assert response.json["errors"][0]["parameter"] == "cursor"


def test_claimed_items_carry_the_version_to_decide_with(
    client: FlaskClient, headers: Headers, waiting: list[str]
) -> None:
    (item,) = claim(client, headers)

    response = client.post(
        f"/v1/queue/{item['id']}/decision",
        json={"decision": "reject", "labels": ["threat"], "note": "", "version": item["version"]},
        headers=headers,
    )

    assert item["id"] == waiting[2]
    assert item["holder"] == "sari"
    assert response.status_code == 200
    assert ItemOut().validate(response.json or {}) == {}
    assert response.json["state"] == "closed"
    assert response.json["comment"]["decision"]["decision"] == "reject"


def test_two_claimers_share_the_queue_without_overlap(
    client: FlaskClient, headers: Headers, waiting: list[str]
) -> None:
    first = claim(client, headers, count=2)
    second = claim(client, headers, count=2, moderator="joko")
    third = claim(client, headers, moderator="rina")

    assert sorted(item["id"] for item in first + second) == sorted(waiting)
    assert third == []


def test_a_stale_version_answers_409_with_the_present_state(
    client: FlaskClient, headers: Headers, waiting: list[str]
) -> None:
    (item,) = claim(client, headers)

    response = client.post(
        f"/v1/queue/{item['id']}/decision",
        json={"decision": "approve", "version": item["version"] - 1},
        headers=headers,
    )

    assert waiting
    assert response.status_code == 409
    assert ProblemOut(unknown="include").validate(response.json or {}) == {}
    assert response.json["item"]["version"] == item["version"]
    assert response.json["item"]["state"] == "open"


def test_a_lost_lease_answers_409(
    client: FlaskClient, headers: Headers, waiting: list[str], clock: FakeClock
) -> None:
    (item,) = claim(client, headers)
    clock.advance(seconds=60)

    response = client.post(
        f"/v1/queue/{item['id']}/decision",
        json={"decision": "approve", "version": item["version"]},
        headers=headers,
    )

    assert waiting
    assert response.status_code == 409


def test_a_renewed_lease_outlives_its_first_end(
    client: FlaskClient, headers: Headers, waiting: list[str], clock: FakeClock
) -> None:
    (item,) = claim(client, headers)
    clock.advance(seconds=59)

    renewed = client.post(f"/v1/queue/{item['id']}/renew", json={"lease_s": 60}, headers=headers)
    clock.advance(seconds=59)
    response = client.post(
        f"/v1/queue/{item['id']}/decision",
        json={"decision": "approve", "version": item["version"]},
        headers=headers,
    )

    assert waiting
    assert renewed.status_code == 200
    assert response.status_code == 200


def test_a_released_item_can_be_claimed_by_the_next(
    client: FlaskClient, headers: Headers, waiting: list[str]
) -> None:
    (item,) = claim(client, headers)

    released = client.post(f"/v1/queue/{item['id']}/release", headers=headers)

    assert released.json["holder"] is None
    assert claim(client, headers, moderator="joko")[0]["id"] == item["id"] == waiting[2]


def test_a_rejection_without_a_label_is_refused(
    client: FlaskClient, headers: Headers, waiting: list[str]
) -> None:
    (item,) = claim(client, headers)

    response = client.post(
        f"/v1/queue/{item['id']}/decision",
        json={"decision": "reject", "version": item["version"]},
        headers=headers,
    )

    assert waiting
    assert response.status_code == 422
    assert response.json["errors"][0]["pointer"] == "/labels"


@pytest.mark.parametrize("act", ["renew", "release", "decision"])
def test_an_item_that_does_not_exist_answers_404(
    client: FlaskClient, headers: Headers, act: str
) -> None:
    body = {"decision": "approve", "version": 1} if act == "decision" else {}

    response = client.post(f"/v1/queue/{uuid4()}/{act}", json=body, headers=headers)

    assert response.status_code == 404


def test_a_poller_reads_each_decision_once(
    client: FlaskClient, headers: Headers, waiting: list[str]
) -> None:
    for item in claim(client, headers, count=3):
        client.post(
            f"/v1/queue/{item['id']}/decision",
            json={"decision": "approve", "version": item["version"]},
            headers=headers,
        )

    first = client.get("/v1/decisions?limit=2", headers=headers).json
    rest = client.get(f"/v1/decisions?after={first['next_after']}", headers=headers).json
    none = client.get(f"/v1/decisions?after={rest['next_after']}", headers=headers).json

    assert DecisionsOut().validate(first or {}) == {}
    assert (len(first["decisions"]), first["more"]) == (2, True)
    assert (len(rest["decisions"]), rest["more"]) == (1, False)
    assert (none["decisions"], none["next_after"]) == ([], rest["next_after"])
    assert len(waiting) == 3


def test_an_item_says_whether_it_is_held_back_or_only_looked_at(
    settings: Settings, scorer: FakeScorer, clock: FakeClock, headers: dict[str, str]
) -> None:
    app = create_app(replace(settings, spot_check_share=1.0), scorer=scorer, clock=clock)
    client = app.test_client()
    for number, text in enumerate(("dasar goblok", "terima kasih")):
        sent = a_submission(text, comment_id=f"c-{number}")
        client.post("/v1/comments", json=sent, headers=headers)

    items = client.get("/v1/queue", headers=headers).get_json()["items"]

    assert [(one["spot_check"], one["comment"]["verdict"]) for one in items] == [
        (False, "review"),
        (True, "approve"),
    ]
    app.extensions["moderation"].database.close()
