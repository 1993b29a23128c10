"""Strings and bodies made to break things: any answer but a failure of ours."""

import gzip
import io
import json
import random
import zlib
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.hostile import hostile

STRINGS = 10_000
A_BATCH = 250
SEED = 20261125


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind is enough: hardly anything of this reaches the database."""
    return sqlite_url


@pytest.fixture
def chance() -> random.Random:
    return random.Random(SEED)


def post(client: FlaskClient, headers: dict[str, str], path: str, body: Any) -> int:
    """Post JSON with every other character escaped: lone surrogates travel as escapes."""
    answer = client.post(
        path, data=json.dumps(body), content_type="application/json", headers=headers
    )
    return answer.status_code


def test_ten_thousand_hostile_strings_are_scored_or_refused(
    client: FlaskClient, headers: dict[str, str], chance: random.Random
) -> None:
    statuses: Counter[int] = Counter()
    for _ in range(STRINGS // A_BATCH):
        accepted: list[dict[str, str]] = []
        for text in [hostile(chance)[:2000] for _ in range(A_BATCH)]:
            status = post(client, headers, "/v1/score", {"comments": [{"text": text}]})
            statuses[status] += 1
            accepted += [{"text": text}] if status == 200 else []
        assert post(client, headers, "/v1/score", {"comments": accepted}) == 200

    assert set(statuses) <= {200, 422}
    assert statuses[200] > STRINGS // 10


def nested(opening: bytes, closing: bytes, depth: int) -> bytes:
    return opening * depth + closing * depth


BOMBS: dict[str, Callable[[], bytes]] = {
    "lists in lists": lambda: nested(b"[", b"]", 500_000),
    "objects in objects": lambda: nested(b'{"a":', b"}", 200_000),
    "an article in articles": lambda: (
        b'{"text":"x","article":' + nested(b"[", b"]", 400_000) + b"}"
    ),
    "a number of a million digits": lambda: b'{"revision":' + b"9" * 1_000_000 + b"}",
    "an exponent": lambda: b'{"comment_id":"c","text":"x","revision":1e999999}',
    "not a number": lambda: b'{"comment_id":"c","text":"x","revision":NaN}',
    "a hundred thousand keys": lambda: json.dumps(
        dict.fromkeys(map(str, range(100_000)), 1)
    ).encode(),
    "one key a hundred thousand times": lambda: b"{" + b'"text":"x",' * 100_000 + b'"a":1}',
    "a text past every limit": lambda: json.dumps(
        {"comment_id": "c", "text": "x" * 1_900_000}
    ).encode(),
    "more than a body may be": lambda: b'"' + b"x" * 5_000_000 + b'"',
    "not UTF-8": lambda: b'{"text": "\xff\xfe\xfa"}',
    "nothing but a quote": lambda: b'"',
    "null": lambda: b"null",
    "a list": lambda: b"[]",
}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("path", ["/v1/comments", "/v1/score", "/v1/queue/claim"])
def test_a_bomb_is_refused(
    client: FlaskClient, headers: dict[str, str], name: str, path: str
) -> None:
    answer = client.post(path, data=BOMBS[name](), content_type="application/json", headers=headers)

    assert answer.status_code in {400, 413, 422}, answer.text[:200]
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", lambda body: gzip.compress(body)),
        ("deflate", lambda body: zlib.compress(body)),
        ("br", lambda body: body),
    ],
)
def test_a_compressed_body_is_never_unpacked(
    client: FlaskClient, headers: dict[str, str], coding: str, pack: Callable[[bytes], bytes]
) -> None:
    bomb = pack(b'{"comment_id":"c","text":"' + b"x" * 50_000_000 + b'"}')[:1_000_000]

    answer = client.post(
        "/v1/comments",
        data=bomb,
        content_type="application/json",
        headers={**headers, "Content-Encoding": coding},
    )

    assert answer.status_code in {400, 415}


def test_a_body_longer_than_it_says_and_one_that_is_shorter_fail_cleanly(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    for length in ("5", "5000", "-1", "abc", "9" * 30):
        answer = client.post(
            "/v1/comments",
            input_stream=io.BytesIO(b'{"comment_id": "c", "text": "x"}'),
            content_type="application/json",
            headers=headers,
            environ_overrides={"CONTENT_LENGTH": length},
        )

        assert 400 <= answer.status_code < 500, (length, answer.status_code)


def test_hostile_queries_and_paths_fail_cleanly(
    client: FlaskClient, headers: dict[str, str], chance: random.Random
) -> None:
    for _ in range(300):
        asked = hostile(chance)[:300].encode("utf-8", "replace").decode("utf-8")
        for path in ("/v1/comments", "/v1/decisions", "/v1/queue"):
            query = {"comment_id": asked, "after": asked, "cursor": asked, "label": asked}
            for name, value in query.items():
                answer = client.get(path, query_string={name: value}, headers=headers)
                assert answer.status_code in {200, 404, 422}, (path, name, ascii(value))
