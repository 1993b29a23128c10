"""kill -9 at any moment: whatever was acknowledged is stored, once."""

import os
import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from moderation.services.auditing import find_tampering
from moderation.storage.engine import Database
from moderation.storage.schema import comments, decisions, queue_items
from tests.factories import a_submission
from tests.faults.server import Server, serving

# `make chaos` asks for more.
SUBMISSIONS = {
    "sqlite": int(os.environ.get("CHAOS_SUBMISSIONS", "2000")),
    "postgresql": int(os.environ.get("CHAOS_SUBMISSIONS", "1000")),
}
CLIENTS = 8
WORKER_KILLS = 12
SEED = 7


def until_answered(call: Callable[[], tuple[int, Any]], wanted: set[int]) -> tuple[int, Any]:
    """Call again, as a site does, until there is an answer; none other than those is right."""
    for _ in range(400):
        try:
            status, body = call()
        except OSError:
            threading.Event().wait(0.05)
            continue
        assert status in wanted, (status, body)
        return status, body
    raise AssertionError("the service did not come back")


def submit(server: Server, number: int) -> str:
    text = "dasar goblok" if number % 4 == 0 else "Beritanya lengkap."
    sent = a_submission(text, comment_id=f"c-{number}")
    _, body = until_answered(lambda: server.post("/v1/comments", sent), {200, 201})
    stored: str = body["id"]
    return stored


def moderate(server: Server, name: str, ends: threading.Event) -> list[str]:
    """Claim and decide until told to end; return the comments whose decision was acknowledged."""
    acknowledged = []
    asked = {"moderator": name, "count": 5, "lease_s": 3600}
    while not ends.is_set():
        _, body = until_answered(lambda: server.post("/v1/queue/claim", asked), {200})
        for item in body["items"]:
            ruling = {"decision": "approve", "version": item["version"], "moderator": name}
            status, _ = until_answered(
                lambda: server.post(f"/v1/queue/{item['id']}/decision", ruling),  # noqa: B023
                {200, 409},
            )
            # 409: an earlier try was written and its answer lost with the worker.
            acknowledged += [item["comment"]["id"]] if status == 200 else []
        if not body["items"]:
            ends.wait(0.02)
    return acknowledged


@pytest.fixture
def server(database_url: str, database: Database, api_key: str, tmp_path: Path) -> Server:
    return Server(database_url, api_key, tmp_path)


def test_whatever_was_acknowledged_is_there_once(server: Server, database: Database) -> None:
    chance = random.Random(SEED)
    submissions = SUBMISSIONS[database.engine.dialect.name]
    submitted, decided = threading.Event(), threading.Event()

    def kill() -> None:
        for round_ in range(WORKER_KILLS):
            if submitted.wait(chance.uniform(0.05, 0.8)):
                return
            if round_ % 6 == 5:
                server.kill_master_and_start_again()
            else:
                server.kill_worker(chance.randrange(2))

    with serving(server), ThreadPoolExecutor(CLIENTS + 3) as pool:
        killer = pool.submit(kill)
        moderators = [pool.submit(moderate, server, f"m-{n}", decided) for n in range(2)]
        stored = list(pool.map(lambda n: submit(server, n), range(submissions)))
        submitted.set()
        killer.result()
        threading.Event().wait(0.5)
        decided.set()
        acknowledged = [pk for one in moderators for pk in one.result()]

    assert len(set(stored)) == submissions
    told = server.log.read_text(encoding="utf-8")
    assert not any(word in told for word in ("goblok", "lengkap", "budi@", "192.0.2.7"))
    check_comments(database, stored)
    check_decisions(database, acknowledged)
    if database.engine.dialect.name == "sqlite":
        with database.reading() as tx:
            assert tx.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


def check_comments(database: Database, stored: list[str]) -> None:
    with database.reading() as tx:
        rows = tx.execute(sa.select(comments.c.id, comments.c.comment_id, comments.c.verdict)).all()
        queued = set(tx.execute(sa.select(queue_items.c.comment_pk)).scalars())
    assert {str(row.id) for row in rows} == set(stored)
    assert max(Counter(row.comment_id for row in rows).values()) == 1
    assert queued == {row.id for row in rows if row.verdict == "review"}


def check_decisions(database: Database, acknowledged: list[str]) -> None:
    with database.reading() as tx:
        rows = tx.execute(sa.select(decisions.c.comment_pk, decisions.c.seq)).all()
        assert list(find_tampering(tx)) == []
    written = Counter(str(row.comment_pk) for row in rows)
    assert len(acknowledged) > 50
    assert set(acknowledged) <= set(written)
    assert max(written.values()) == 1
    assert sorted(row.seq for row in rows) == list(range(1, len(rows) + 1))
