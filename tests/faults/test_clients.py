"""Clients that are too slow, too many, or cut short by a stop."""

import json
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

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


class Kept:
    """A client that keeps its connection, and reads one answer at a time."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._socket = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        self._answers = self._socket.makefile("rb")

    def ask(self, body: bytes, *, path: str = "/v1/comments", length: int | None = None) -> None:
        head = (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self._server.key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {length or len(body)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + body)

    def send(self, rest: bytes) -> None:
        self._socket.sendall(rest)

    def hear(self) -> tuple[int, dict[str, Any], str]:
        """Return an answer's status, body and request id."""
        status = int(self._answers.readline().split()[1])
        headers = dict(
            line.decode().lower().split(": ", 1) for line in iter(self._answers.readline, b"\r\n")
        )
        body = json.loads(self._answers.read(int(headers["content-length"])))
        return status, body, headers["x-request-id"].strip()

    def close(self) -> None:
        self._answers.close()
        self._socket.close()


def named(comment_id: str, text: str = "baik") -> bytes:
    return json.dumps(a_submission(text, comment_id=comment_id)).encode()


def test_clients_that_keep_their_connection_each_get_their_own_answer(server: Server) -> None:
    with serving(server):
        clients = [Kept(server) for _ in range(3)]
        heard = []
        for turn in range(4):
            for number, client in enumerate(clients):
                client.ask(named(f"c-{number}-{turn}", "dasar goblok" if turn == 2 else "baik"))
            heard += [client.hear() for client in clients]

        # One whose request comes in halves holds up nobody, and is answered in the end.
        late = named("late")
        clients[0].ask(late[:9], length=len(late))
        clients[1].ask(named("c-1-4"))
        prompt = clients[1].hear()
        clients[0].send(late[9:])
        slow = clients[0].hear()
        # Two at once, one that is no submission, and one that cannot be read.
        clients[1].ask(named("c-1-5"))
        clients[1].ask(named("c-1-6"))
        ahead = [clients[1].hear(), clients[1].hear()]
        clients[2].ask(b'{"comments": [{"text": "baik"}]}', path="/v1/score")
        clients[2].ask(named("c-2-4"))
        scored, again = clients[2].hear(), clients[2].hear()
        clients[2].ask(b"{")
        broken = clients[2].hear()
        clients[2].ask(named("c-2-5"))
        healed = clients[2].hear()
        for client in clients:
            client.close()

    wanted = [f"c-{number}-{turn}" for turn in range(4) for number in range(3)]
    assert [(status, body["comment_id"]) for status, body, _ in heard] == [
        (201, name) for name in wanted
    ]
    assert [body["verdict"] for _, body, _ in heard[6:9]] == ["review"] * 3
    assert len({request_id for *_, request_id in heard}) == len(heard)
    assert [prompt[0], slow[0]] == [201, 201]
    assert slow[1]["comment_id"] == "late"
    assert [body["comment_id"] for _, body, _ in ahead] == ["c-1-5", "c-1-6"]
    assert [scored[0], again[0], broken[0], healed[0]] == [200, 201, 400, 201]


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
