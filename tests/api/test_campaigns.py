from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from moderation.api.campaigns import CampaignsOut
from tests.factories import FakeClock, a_submission

Headers = dict[str, str]
SPAM = (
    "Kemarin modal receh di Mawar88 langsung cair jutaan, buktikan sendiri sebelum habis. "
    "Pendaftaran cepat, pelayanan ramah dua puluh empat jam, jangan sampai menyesal."
)


@pytest.fixture
def headers(client: FlaskClient, headers: Headers) -> Headers:
    """The site's key, after it switched campaigns on."""
    body = {"mode": "on", "parameters": {"copies": 3, "authors": 2}}
    client.put("/v1/rules/campaign", json=body, headers=headers)
    return headers


def submit(client: FlaskClient, headers: Headers, number: int, text: str = SPAM) -> Any:
    body = a_submission(
        text,
        comment_id=f"c-{number}",
        author={"id": f"u-{number}"},
        article={"id": f"a-{number % 2}"},
    )
    return client.post("/v1/comments", json=body, headers=headers).json


def only_campaign(client: FlaskClient, headers: Headers) -> Any:
    answer = client.get("/v1/campaigns", headers=headers)
    assert CampaignsOut().validate(answer.json or {}) == {}
    (campaign,) = answer.json["campaigns"]
    return campaign


def decide(client: FlaskClient, headers: Headers, campaign: str, **change: Any) -> Any:
    body = {"decision": "reject", "labels": ["spam"], "by": "sari", **change}
    return client.post(f"/v1/campaigns/{campaign}/decision", json=body, headers=headers)


def test_a_campaign_is_one_row_with_its_measures(client: FlaskClient, headers: Headers) -> None:
    for number in range(3):
        submit(client, headers, number, SPAM if number else SPAM.replace("receh", "kecil"))
    submit(
        client, headers, 9, "Jalan di depan sekolah kami sudah dua tahun berlubang, mohon dinas."
    )

    campaign = only_campaign(client, headers)

    counts = [campaign[name] for name in ("copies", "authors", "articles", "variants")]
    assert counts == [3, 3, 2, 2]
    assert campaign["decision"] is None


def test_one_decision_holds_for_present_and_future_members(
    client: FlaskClient, headers: Headers
) -> None:
    stored = [submit(client, headers, number) for number in range(4)]
    assert [one["verdict"] for one in stored] == ["approve", "approve", "review", "review"]

    answer = decide(client, headers, only_campaign(client, headers)["id"])

    assert answer.json == {"members": 4, "more": False}
    assert client.get("/v1/queue", headers=headers).json["items"] == []
    decisions = client.get("/v1/decisions", headers=headers).json["decisions"]
    assert {one["decision"] for one in decisions} == {"reject"}
    assert len(decisions) == 4
    assert submit(client, headers, 5)["verdict"] == "reject"


def test_a_member_decided_by_itself_keeps_its_decision(
    client: FlaskClient, headers: Headers
) -> None:
    first = submit(client, headers, 0)
    submit(client, headers, 1)
    feedback = {"decision": "approve", "reporter": "tono"}
    client.post(f"/v1/comments/{first['id']}/feedback", json=feedback, headers=headers)

    assert decide(client, headers, only_campaign(client, headers)["id"]).json["members"] == 1


def test_undo_lets_new_copies_in_and_sends_decided_members_back_to_a_person(
    client: FlaskClient, headers: Headers
) -> None:
    for number in range(3):
        submit(client, headers, number)
    campaign = only_campaign(client, headers)["id"]
    decide(client, headers, campaign)

    answer = client.post(f"/v1/campaigns/{campaign}/undo", json={"by": "tono"}, headers=headers)

    assert answer.json == {"members": 3, "more": False}
    assert len(client.get("/v1/queue", headers=headers).json["items"]) == 3
    assert submit(client, headers, 7)["verdict"] == "review"
    again = client.post(f"/v1/campaigns/{campaign}/undo", json={}, headers=headers)
    assert again.status_code == 422


def test_a_decision_ends(client: FlaskClient, headers: Headers, clock: FakeClock) -> None:
    submit(client, headers, 0)
    submit(client, headers, 1)
    decide(client, headers, only_campaign(client, headers)["id"], hours=24)

    clock.advance(hours=25)

    assert submit(client, headers, 2)["verdict"] != "reject"


def test_what_makes_no_sense_is_refused(client: FlaskClient, headers: Headers) -> None:
    submit(client, headers, 0)
    submit(client, headers, 1)
    campaign = only_campaign(client, headers)["id"]

    assert decide(client, headers, campaign, labels=[]).status_code == 422
    assert decide(client, headers, campaign, hours=0).status_code == 422
    assert decide(client, headers, str(uuid4())).status_code == 404
