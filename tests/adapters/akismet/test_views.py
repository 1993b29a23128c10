from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from moderation.domain.decision import Decision, Source
from moderation.domain.verdict import Label
from moderation.services import review
from moderation.services.review import Hold
from moderation.storage import akismet
from moderation.storage.engine import Database
from moderation.storage.queue import Filter
from tests.factories import FakeClock, FakeScorer

WORDPRESS = {"User-Agent": "WordPress/6.1.9 | Akismet/5.0.2"}
THANKS = b"Thanks for making the web a better place."


def a_check(key: str, text: str = "Beritanya lengkap.", **fields: str) -> dict[str, str]:
    """The form of a comment-check, as a WordPress site sends it for a visitor's comment."""
    return {
        "comment_post_ID": "7",
        "comment_author": "Budi",
        "comment_author_email": "budi@surat.example",
        "comment_content": text,
        "comment_type": "comment",
        "comment_parent": "0",
        "user_ip": "192.0.2.7",
        "user_agent": "Mozilla/5.0",
        "blog": "https://kabar.example",
        "blog_lang": "id_ID",
        "blog_charset": "UTF-8",
        "permalink": "https://kabar.example/jalan-desa/",
        "api_key": key,
        **fields,
    }


def check(client: FlaskClient, form: dict[str, str], **headers: str) -> Any:
    return client.post("/1.1/comment-check", data=form, headers={**WORDPRESS, **headers})


def queued(client: FlaskClient, headers: dict[str, str]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/v1/queue", headers=headers).json["items"]
    return items


def decide(database: Database, clock: FakeClock, decision: Decision) -> None:
    """Let a moderator decide the one comment that waits."""
    lease = timedelta(minutes=5)
    with database.writing() as tx:
        (record,) = review.claim(
            tx, Filter(), moderator="sari", count=1, lease=lease, now=clock.now
        )
        assert record.item is not None
        review.decide(
            tx,
            record.item.id,
            Hold(version=record.item.version),
            site_id=None,
            decision=decision,
            labels=[Label.ABUSE] if decision is Decision.REJECT else [],
            note="",
            source=Source.CONSOLE,
            now=clock.now,
        )


def test_a_clean_comment_is_exactly_false(client: FlaskClient, akismet_key: str) -> None:
    response = check(client, a_check(akismet_key))

    assert (response.status_code, response.data) == (200, b"false")
    assert response.mimetype == "text/plain"
    assert len(response.headers["X-akismet-guid"]) == 32
    assert not {"X-akismet-error", "X-akismet-debug-help", "X-akismet-alert-msg"} & set(
        response.headers.keys()
    )


def test_a_rejected_comment_is_exactly_true_and_says_why(
    client: FlaskClient, akismet_key: str
) -> None:
    response = check(client, a_check(akismet_key, "slot gacor"))

    assert response.data == b"true"
    assert response.headers["X-Moderasi-Reason"] == "spam;score=0.950;threshold=0.800"
    assert "X-akismet-error" not in response.headers


def test_a_comment_for_review_is_held_and_waits_here(
    client: FlaskClient, akismet_key: str, headers: dict[str, str]
) -> None:
    response = check(client, a_check(akismet_key, "dasar goblok"))

    assert response.data == b"false"
    assert response.headers["X-akismet-error"] == "waiting for a moderator"
    assert "X-akismet-recheck-after" not in response.headers
    (item,) = queued(client, headers)
    assert item["comment"]["id"].replace("-", "") == response.headers["X-akismet-guid"]


@pytest.mark.parametrize(
    ("callback", "is_kept"),
    [
        ("https://kabar.example/wp-json/akismet/v1/webhook", True),
        ("http://kabar.example/wp-json/akismet/v1/webhook", False),
        ("https://budi:rahasia@kabar.example/", False),
        ("https://kabar.example/\nHost: lain.example", False),
        ("https://", False),
    ],
)
def test_only_a_callback_that_could_be_sent_to_is_kept(
    client: FlaskClient, database: Database, akismet_key: str, callback: str, is_kept: bool
) -> None:
    response = check(client, a_check(akismet_key, "dasar goblok", callback=callback))

    with database.reading() as tx:
        found = akismet.find_check(tx, UUID(response.headers["X-akismet-guid"]))
    assert found is not None
    assert found.callback == (callback if is_kept else "")


@pytest.mark.parametrize("text", ["dasar goblok", "a" * 65_537])
def test_a_comment_over_wordpress_rest_is_filed_as_spam_where_a_person_must_look(
    client: FlaskClient, akismet_key: str, text: str
) -> None:
    form = a_check(akismet_key, text, REQUEST_URI="/wp-json/wp/v2/comments")

    response = check(client, form)

    assert response.data == b"true"
    assert "X-akismet-error" not in response.headers


def test_a_recheck_leaves_a_waiting_comment_pending_until_somebody_decides(
    client: FlaskClient, akismet_key: str, database: Database, clock: FakeClock
) -> None:
    first = check(client, a_check(akismet_key, r"dasar goblok, Jum\'at"))
    again = a_check(akismet_key, "dasar goblok, Jum'at", recheck_reason="retry", user_agent="x")

    waiting = check(client, again)
    decide(database, clock, Decision.REJECT)
    decided = check(client, again)

    assert waiting.data not in {b"true", b"false"}
    assert decided.data == b"true"
    assert decided.headers["X-akismet-guid"] == first.headers["X-akismet-guid"]


@pytest.mark.parametrize(
    ("decision", "body"), [(Decision.APPROVE, b"false"), (Decision.REJECT, b"true")]
)
def test_the_same_comment_again_gets_what_a_person_decided(
    client: FlaskClient,
    akismet_key: str,
    database: Database,
    clock: FakeClock,
    decision: Decision,
    body: bytes,
) -> None:
    first = check(client, a_check(akismet_key, "dasar goblok"))
    decide(database, clock, decision)

    again = check(client, a_check(akismet_key, "dasar goblok", user_agent="another"))

    assert again.data == body
    assert again.headers["X-akismet-guid"] == first.headers["X-akismet-guid"]
    assert "X-akismet-error" not in again.headers


def test_one_level_of_slashes_is_taken_from_wordpress_forms_alone(
    client: FlaskClient, akismet_key: str, headers: dict[str, str]
) -> None:
    slashed = r"goblok Jum\'at \"kata\" C:\\x"

    check(client, a_check(akismet_key, slashed))
    check(client, a_check(akismet_key, slashed, user_ip="192.0.2.8"), **{"User-Agent": "Other"})
    over_rest = a_check(
        akismet_key, r"goblok C:\y", REQUEST_URI="/?rest_route=%2Fwp%2Fv2%2Fcomments"
    )
    check(client, over_rest)
    by_another_name = a_check(akismet_key, r"goblok Jum\'at", akismet_comment_nonce="inactive")
    check(client, by_another_name, **{"User-Agent": "Other"})

    texts = {item["comment"]["text"] for item in queued(client, headers)}
    assert texts == {
        r"""goblok Jum'at "kata" C:\x""",
        slashed,
        r"goblok C:\y",
        "goblok Jum'at",
    }


def test_bare_names_of_empty_fields_and_unknown_fields_are_taken(
    client: FlaskClient, akismet_key: str
) -> None:
    body = (
        f"comment_author_url&comment_parent=0&comment_content=bagus+sekali&user_ip=192.0.2.1"
        f"&POST_ak_hp_textarea&comment_context[0]=desa&%5B=%&&=x&api_key={akismet_key}"
    )

    response = client.post(
        "/1.1/comment-check",
        data=body,
        content_type="application/x-www-form-urlencoded; charset=UTF-8",
    )

    assert response.data == b"false"


@pytest.mark.parametrize("charset", ["UTF-8", "iso-8859-1", "windows-1252", "x-unknown", "idna"])
def test_any_declared_charset_is_read(
    client: FlaskClient, akismet_key: str, headers: dict[str, str], charset: str
) -> None:
    encoding = charset if charset.startswith(("iso", "windows")) else "utf-8"
    text = quote_plus("goblok café", encoding=encoding)

    client.post(
        "/1.1/comment-check",
        data=f"comment_content={text}&user_ip=192.0.2.1&api_key={akismet_key}",
        content_type=f"application/x-www-form-urlencoded; charset={charset}",
    )

    (item,) = queued(client, headers)
    assert item["comment"]["text"] == "goblok café"


def test_a_body_of_more_than_64_kib_is_read(client: FlaskClient, akismet_key: str) -> None:
    form = a_check(akismet_key, "kata " * 13_000, HTTP_X="x" * 70_000)

    assert check(client, form).data == b"false"


@pytest.mark.parametrize("text", ["", "   ", "a" * 65_537, "b" * 1_999_000 + "%%%"])
def test_what_cannot_be_read_is_held(client: FlaskClient, akismet_key: str, text: str) -> None:
    response = check(client, a_check(akismet_key, text))

    assert response.status_code == 200
    assert response.data not in {b"true", b"false", b"invalid"}
    assert response.headers["X-akismet-error"]


def test_an_unscored_comment_is_held_and_stored(
    client: FlaskClient, akismet_key: str, scorer: FakeScorer, headers: dict[str, str]
) -> None:
    scorer.broken = True

    response = check(client, a_check(akismet_key))

    assert (response.status_code, response.data) == (200, b"false")
    assert "X-akismet-error" in response.headers
    assert response.headers["X-Moderasi-Reason"] == "unscored"
    assert len(queued(client, headers)) == 1


def test_a_failing_database_holds_and_is_no_500(
    client: FlaskClient, akismet_key: str, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(client, a_check(akismet_key))
    database = app.extensions["moderation"].database

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(database, "write", fail)
    response = check(client, a_check(akismet_key, "Komentar baru."))

    assert response.status_code == 200
    assert response.data not in {b"true", b"false"}
    assert "not stored" in response.headers["X-akismet-error"]


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({"comment_author": "akismet-guaranteed-spam"}, b"true"),
        ({"comment_author": "viagra-test-123"}, b"true"),
        ({"comment_author_email": "akismet-guaranteed-spam@example.com"}, b"true"),
        ({"user_role": "administrator"}, b"false"),
        ({"is_test": "1"}, b"false"),
        ({"is_test": "true", "comment_content": "gacor"}, b"true"),
        ({"is_test": "1", "comment_content": "goblok"}, b"false"),
    ],
)
def test_test_vectors_are_answered_and_not_stored(
    client: FlaskClient,
    akismet_key: str,
    headers: dict[str, str],
    fields: dict[str, str],
    body: bytes,
) -> None:
    response = check(client, a_check(akismet_key, **fields))

    assert response.data == body
    assert "X-akismet-guid" not in response.headers
    assert queued(client, headers) == []
    usage = client.get(f"/1.2/usage-limit?api_key={akismet_key}").json
    assert usage["usage"] == 0


@pytest.mark.parametrize(
    ("path", "host", "form"),
    [
        ("/1.1/comment-check", "localhost", {"api_key": "KEY"}),
        ("/1.1/comment-check", "localhost", {"key": "KEY"}),
        ("/1.1/comment-check?api_key=KEY", "localhost", {}),
        ("/1.1/comment-check", "KEY.rest.akismet.com", {}),
        ("/1.1/comment-check", "KEY.moderasi.example:8443", {}),
        ("/KEY/1.1/comment-check", "localhost", {}),
        ("/1.2/comment-check", "rest.akismet.com", {"api_key": "KEY"}),
    ],
)
def test_the_key_is_found_wherever_it_travels(
    client: FlaskClient, akismet_key: str, path: str, host: str, form: dict[str, str]
) -> None:
    sent = {name: value.replace("KEY", akismet_key) for name, value in form.items()}
    comment = {name: value for name, value in a_check("").items() if name != "api_key"}

    response = client.post(
        path.replace("KEY", akismet_key),
        data={**comment, **sent},
        headers={"Host": host.replace("KEY", akismet_key)},
    )

    assert response.data == b"false"


@pytest.mark.parametrize("key", ["", "0123456789ab", "not-hex-here", "x" * 5000])
def test_a_wrong_key_is_invalid(client: FlaskClient, akismet_key: str, key: str) -> None:
    verified = client.post("/1.1/verify-key", data={"key": key, "blog": "https://kabar.example"})
    checked = check(client, a_check(key))

    assert verified.data == checked.data == b"invalid"
    assert verified.status_code == checked.status_code == 200
    assert checked.headers["X-akismet-debug-help"]


def test_a_native_key_opens_nothing_here_and_an_akismet_key_nothing_there(
    client: FlaskClient, akismet_key: str, api_key: str
) -> None:
    native = client.post("/1.1/verify-key", data={"key": api_key})
    ours = client.get("/v1/queue", headers={"Authorization": f"Bearer {akismet_key}"})

    assert native.data == b"invalid"
    assert ours.status_code == 401


def test_the_key_screen_of_wordpress_gets_what_it_asks(
    client: FlaskClient, akismet_key: str
) -> None:
    form = {"key": akismet_key.upper(), "blog": "https://kabar.example"}

    assert client.get("/1.1/test").data == b"connected"
    assert client.post("/1.1/verify-key", data=form).data == b"valid"
    assert client.post("/1.1/get-subscription", data=form).json["status"] == "active"
    assert client.post("/1.1/deactivate", data=form).data == b"deactivated"
    assert client.post("/1.1/token", data=form).status_code == 200


def test_the_statistics_count_verdicts_and_corrections(
    client: FlaskClient, akismet_key: str
) -> None:
    for text in ("gacor satu", "gacor dua", "baik", "bagus"):
        check(client, a_check(akismet_key, text))
    client.post("/1.1/submit-ham", data=a_check(akismet_key, "gacor satu"))
    client.post("/1.1/submit-spam", data=a_check(akismet_key, "baik"))

    form = {"key": akismet_key, "blog": "x", "from": "6-months"}
    stats = client.post("/1.1/get-stats", data=form).json
    month = client.get(f"/1.2/key-sites?api_key={akismet_key}&month=2026-11").json

    assert {name: stats[name] for name in ("spam", "ham", "missed_spam", "false_positives")} == {
        "spam": 2,
        "ham": 2,
        "missed_spam": 1,
        "false_positives": 1,
    }
    assert stats["accuracy"] == 50.0
    assert stats["breakdown"]["2026-11"]["spam"] == 2
    assert (month["2026-11"][0]["site"], month["2026-11"][0]["api_calls"]) == ("kabar", 4)


def test_key_sites_come_as_csv_too(client: FlaskClient, akismet_key: str) -> None:
    asked = f"/1.2/key-sites/?api_key={akismet_key}&format=csv&month=2026-13"

    whole = client.get(asked)
    filtered = client.get(f"{asked}&filter=other")
    later = client.get(f"{asked}&offset=1")

    assert whole.text.splitlines()[1].startswith("kabar,0,0")
    assert len(filtered.text.splitlines()) == len(later.text.splitlines()) == 1


def test_a_report_decides_the_comment_that_was_checked(
    client: FlaskClient, akismet_key: str, headers: dict[str, str]
) -> None:
    check(client, a_check(akismet_key, r"dasar <b>goblok</b> Jum\'at"))
    report = a_check(akismet_key, "dasar goblok   Jum&#8217;at".replace("&#8217;", "&#039;"))

    response = client.post("/1.1/submit-spam", data={**report, "reporter": "wati"})

    assert response.data == THANKS
    assert queued(client, headers) == []
    (decided,) = client.get("/v1/decisions", headers=headers).json["decisions"]
    assert (decided["decision"], decided["labels"]) == ("reject", ["abuse"])
    assert (decided["decided_by"], decided["source"]) == ("wati", "site")


def test_a_report_about_another_writers_copy_leaves_ours_alone(
    client: FlaskClient, akismet_key: str, headers: dict[str, str]
) -> None:
    check(client, a_check(akismet_key, "dasar goblok"))

    client.post(
        "/1.1/submit-ham",
        data=a_check(akismet_key, "dasar goblok", comment_author_email="ani@surat.example"),
    )

    assert len(queued(client, headers)) == 1
    (decided,) = client.get("/v1/decisions", headers=headers).json["decisions"]
    assert decided["decision"] == "approve"


def test_the_same_report_twice_is_one_decision(
    client: FlaskClient, akismet_key: str, headers: dict[str, str]
) -> None:
    check(client, a_check(akismet_key, "baik"))
    for _ in range(2):
        client.post("/1.1/submit-spam", data=a_check(akismet_key, "baik"))

    (decided,) = client.get("/v1/decisions", headers=headers).json["decisions"]
    assert decided["labels"] == ["spam"]


def test_a_call_nobody_knows_is_no_verdict(client: FlaskClient, akismet_key: str) -> None:
    response = client.post("/1.1/comment-chek", data=a_check(akismet_key))

    assert (response.status_code, response.data) == (200, b"unknown call")
    assert "comment-check" in response.headers["X-akismet-debug-help"]
