"""Two nodes on one PostgreSQL: nobody's claim is somebody else's too, no decision is lost."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from moderation.services.auditing import find_tampering
from moderation.storage.engine import Database
from moderation.storage.schema import decisions, queue_items
from tests.factories import a_submission
from tests.faults.server import Server, serving

COMMENTS = 240
CLAIMERS = 8


@pytest.fixture
def database_url(empty_postgresql: str) -> str:
    return empty_postgresql


@pytest.fixture
def nodes(database_url: str, api_key: str, tmp_path: Path) -> Iterator[list[Server]]:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        environ = {"WEB_CONCURRENCY": "1"}
        made.append(Server(database_url, api_key, tmp_path / name, environ=environ))
    with serving(made[0]), serving(made[1]):
        yield made


def work(node: Server, name: str, ends: threading.Event) -> tuple[list[str], list[str]]:
    """Claim and decide until told to end; return the items claimed and those decided."""
    claimed: list[str] = []
    decided: list[str] = []
    while True:
        ending = ends.is_set()
        asked = {"moderator": name, "count": 3, "lease_s": 3600}
        status, body = node.post("/v1/queue/claim", asked)
        assert status == 200, body
        if not body["items"] and ending:
            return claimed, decided
        for item in body["items"]:
            claimed.append(item["id"])
            ruling = {"decision": "approve", "version": item["version"], "moderator": name}
            status, answer = node.post(f"/v1/queue/{item['id']}/decision", ruling)
            assert status == 200, answer
            decided.append(item["comment"]["id"])


def test_eight_claimers_on_two_nodes_share_the_queue_without_a_clash(
    nodes: list[Server], database: Database
) -> None:
    ends = threading.Event()

    def submit(number_and_node: tuple[int, Server]) -> str:
        number, node = number_and_node
        sent = a_submission("dasar goblok", comment_id=f"c-{number}")
        status, body = node.post("/v1/comments", sent)
        assert status == 201, body
        stored: str = body["id"]
        return stored

    with ThreadPoolExecutor(CLAIMERS + 4) as pool:
        places = cycle(nodes)
        working = [pool.submit(work, next(places), f"m-{n}", ends) for n in range(CLAIMERS)]
        stored = list(pool.map(submit, zip(range(COMMENTS), cycle(nodes), strict=False)))
        ends.set()
        results = [one.result() for one in working]

    claimed = [item for items, _ in results for item in items]
    decided = [pk for _, pks in results for pk in pks]
    assert max(Counter(claimed).values()) == 1
    assert sorted(decided) == sorted(stored)
    check(database, stored)


def check(database: Database, stored: list[str]) -> None:
    with database.reading() as tx:
        rows: list[Any] = list(tx.execute(sa.select(decisions)))
        waiting = tx.execute(
            sa.select(sa.func.count()).where(queue_items.c.closed_at.is_(None))
        ).scalar_one()
        assert list(find_tampering(tx)) == []
    assert Counter(str(row.comment_pk) for row in rows) == Counter(stored)
    assert sorted(row.seq for row in rows) == list(range(1, len(stored) + 1))
    assert waiting == 0
