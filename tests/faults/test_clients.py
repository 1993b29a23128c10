"""Clients that are too slow, too many, or cut short by a stop."""

import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.factories import a_submission
from tests.faults.server import SLOW_WORD, Server, serving

FEW = {"WEB_CONCURRENCY": "1", "MODERATION_REQUESTS_AT_ONCE": "1", "SLOWEST_CLIENT_S": "1"}
THREADS = 4


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind is enough: clients are the same to both databases."""
    return sqlite_url


@pytest.fixture
def server(database_url: str, api_key: str, tmp_path: Path) -> Server:
    return Server(database_url, api_key, tmp_path, environ=FEW)


def half_open(server: Server, sent: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    client.sendall(sent)
    return client


HALF_A_BODY = (
    b"POST /v1/comments HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b'Content-Length: 100\r\n\r\n{"comment_id":'
)


@pytest.mark.parametrize("sent", [b"", b"POST /v1/comm", HALF_A_BODY])
def test_half_open_clients_hold_no_thread_for_long(server: Server, sent: bytes) -> None:
    with serving(server):
        clients = [half_open(server, sent) for _ in range(THREADS + 1)]

        status, _ = server.post("/v1/comments", a_submission(), timeout=60)

        for client in clients:
            client.close()
    assert status == 201


def test_a_body_that_stops_half_way_is_answered_408_and_stored_nowhere(server: Server) -> None:
    with serving(server):
        client = half_open(server, HALF_A_BODY)
        answer = client.recv(1000)
        client.close()

    assert b" 408 " in answer.partition(b"\r\n")[0]


def test_the_excess_gets_503_at_once_and_the_rest_is_served(server: Server) -> None:
    def send(number: int) -> tuple[int, str | None]:
        sent = a_submission(f"Jalannya {SLOW_WORD} sekali", comment_id=f"c-{number}")
        status, _, headers = server.post_with_headers("/v1/comments", sent, timeout=60)
        return status, headers.get("Retry-After")

    with serving(server):
        with ThreadPoolExecutor(30) as pool:
            answers = list(pool.map(send, range(30)))
        after, _ = server.post("/v1/comments", a_submission(comment_id="sesudah"))

    refused = [again for status, again in answers if status == 503]
    assert {status for status, _ in answers} == {201, 503}
    assert set(refused) == {"1"}
    assert after == 201


def test_a_request_at_work_is_finished_when_the_service_is_told_to_stop(server: Server) -> None:
    sent = a_submission(f"Jalannya {SLOW_WORD} sekali")
    with serving(server), ThreadPoolExecutor(1) as pool:
        asked = pool.submit(server.post, "/v1/comments", sent)
        threading.Event().wait(0.15)
        server.master.send_signal(signal.SIGTERM)
        ended = server.master.wait(60)
        status, body = asked.result()

    assert (status, body["verdict"]) == (201, "approve")
    assert ended == 0
