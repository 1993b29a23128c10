import io
import json
import logging
import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from moderation.telemetry.edge import Edge
from moderation.telemetry.gate import Gate
from moderation.telemetry.logs import JsonLines
from tests.factories import FakeScorer, a_submission


def wide_gate() -> Gate:
    return Gate(at_once=8, waiting=8, patience_s=60)


def hello(_environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]


@pytest.fixture
def edge() -> Client:
    return Client(Edge(hello, wide_gate(), largest_body=1000))


@pytest.mark.parametrize("sane", ["abcd1234", "0190a5b4-0000-7000-8000-000000000000", "a.b_c-d.e"])
def test_a_sane_request_id_comes_back(edge: Client, sane: str) -> None:
    assert edge.get("/", headers={"X-Request-Id": sane}).headers["X-Request-Id"] == sane


@pytest.mark.parametrize("odd", ["", "short", "x" * 65, "a b c d e f", 'a"},{"level":"x"', "é" * 9])
def test_an_odd_request_id_is_replaced(edge: Client, odd: str) -> None:
    given = edge.get("/", headers={"X-Request-Id": odd}).headers["X-Request-Id"]

    assert given != odd
    assert len(given) == 24


def test_two_requests_have_two_ids(edge: Client) -> None:
    assert edge.get("/").headers["X-Request-Id"] != edge.get("/").headers["X-Request-Id"]


def test_every_answer_is_safe_in_a_browser(edge: Client) -> None:
    headers = edge.get("/").headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_a_request_is_one_line_without_path_query_or_body(
    client: FlaskClient, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "moderation.access")
    client.get("/v1/comments?comment_id=rahasia", headers={**headers, "X-Request-Id": "id-12345"})

    (record,) = [found for found in caplog.records if found.name == "moderation.access"]
    line = json.loads(JsonLines().format(record))
    assert (line["method"], line["route"], line["status"]) == ("GET", "/v1/comments", 404)
    assert line["ms"] >= 0
    assert "rahasia" not in json.dumps(line)


def test_what_waits_too_long_in_too_long_a_queue_is_refused_at_once() -> None:
    working, go_on = threading.Event(), threading.Event()

    def slow(environ: Any, start_response: Any) -> list[bytes]:
        working.set()
        assert go_on.wait(30)
        return hello(environ, start_response)

    edge = Client(Edge(slow, Gate(at_once=1, waiting=0, patience_s=60), largest_body=1000))
    first = threading.Thread(target=lambda: edge.get("/"))
    first.start()
    assert working.wait(30)

    refused = Client(edge.application).post("/v1/comments", json={})
    page = Client(edge.application).get("/console/queue")
    go_on.set()
    health = edge.get("/healthz")
    first.join(30)

    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "1"
    assert refused.mimetype == "application/problem+json"
    assert refused.get_json(force=True)["status"] == 503
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert "sedang sibuk" in page.text
    assert health.status_code == 200
    assert edge.get("/").status_code == 200


def test_a_body_that_does_not_arrive_gives_408() -> None:
    class Stalled(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise BlockingIOError

    edge = Client(Edge(hello, wide_gate(), largest_body=1000))

    answer = edge.post("/", input_stream=Stalled(), headers={"Content-Length": "10"})

    assert answer.status_code == 408


def test_a_call_of_the_service_to_itself_takes_no_second_place() -> None:
    def calls_itself(environ: Any, start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/outer":
            assert Client(edge).get("/inner").text == "hello"
        return hello(environ, start_response)

    edge = Edge(calls_itself, Gate(at_once=1, waiting=0, patience_s=60), largest_body=1000)

    assert Client(edge).get("/outer").text == "hello"


PRIVATE = ("rahasia-pembaca", "budi@surat.example", "192.0.2.7", "Budi Rahardja")


def test_no_log_line_holds_what_readers_wrote_or_who_they_are(
    app: Flask,
    client: FlaskClient,
    headers: dict[str, str],
    scorer: FakeScorer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A mixed load: good, repeated, edited, too long, broken JSON, and a failing scorer."""
    caplog.set_level(logging.DEBUG)
    author = {"id": "u-3", "name": PRIVATE[3], "email": PRIVATE[1], "ip": PRIVATE[2]}

    def send(comment_id: str, text: str) -> int:
        sent = a_submission(text, comment_id=comment_id, author=author)
        return client.post("/v1/comments", json=sent, headers=headers).status_code

    assert send("c-1", "Beritanya bagus rahasia-pembaca") == 201
    assert send("c-1", "Diubah rahasia-pembaca") == 409
    assert send("c-2", "goblok rahasia-pembaca") == 201
    assert send("c-3", "rahasia-pembaca" * 2000) == 422
    assert client.post(
        "/v1/comments", data='{"text": "rahasia-pembaca', headers=headers
    ).status_code
    client.get("/rahasia-pembaca?email=budi@surat.example")
    scorer.read = _failing  # type: ignore[assignment, method-assign]
    assert send("c-4", "Gagal dinilai rahasia-pembaca") == 201
    service = app.extensions["moderation"]
    service.database.engine.dispose()

    def gone(*_args: object) -> None:
        raise RuntimeError("rahasia-pembaca budi@surat.example")

    service.database.write = service.database.write_all = gone
    assert send("c-5", "Tidak tersimpan rahasia-pembaca") == 500
    lines = [JsonLines().format(record) for record in caplog.records]

    assert any("scoring failed" in line for line in lines)
    assert any("unexpected failure" in line for line in lines)
    for line in lines:
        assert not any(word in line for word in PRIVATE), line


def _failing(_passages: object) -> Any:
    raise ValueError("could not read 'rahasia-pembaca' of budi@surat.example")
