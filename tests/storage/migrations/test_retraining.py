from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from moderation.domain.queue import rank
from moderation.domain.verdict import LABELS, Label
from moderation.storage.engine import Database
from moderation.storage.migrations import migrate
from tests.factories import MONDAY

SCORES = [
    {**dict.fromkeys(LABELS, 0.01), Label.THREAT: 0.4},
    {**dict.fromkeys(LABELS, 0.01), Label.SPAM: 0.9},
    {},
]
EMPTY = (
    *(f"article_{name}" for name in ("id", "url", "title", "section", "summary")),
    *(f"author_{name}" for name in ("id", "name", "url", "agent", "network")),
    *("author_email_hash", "author_ip_hash", "parent_comment_id", "parent_text"),
    *("text", "read_as", "model_version", "policy_version", "content_digest"),
)


def test_what_waits_gets_its_place_in_the_new_order(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/old.db")
    migrate(database.engine, "0007")
    with database.engine.begin() as tx:
        tx.exec_driver_sql("INSERT INTO sites (id, name, created_at) VALUES (1, 'kabar', '')")
        for hours, scores in enumerate(SCORES):
            add_waiting(tx, scores, hours)

    migrate(database.engine)

    with database.reading() as tx:
        found = list(
            tx.exec_driver_sql("SELECT priority FROM queue_items ORDER BY opened_at").scalars()
        )
    wanted = [rank(scores, MONDAY + timedelta(hours=hours)) for hours, scores in enumerate(SCORES)]
    assert found == pytest.approx(wanted)
    database.close()


def add_waiting(tx: sa.Connection, scores: dict[Label, float], hours: int) -> None:
    pk = uuid4().hex
    row: dict[str, object] = {
        **dict.fromkeys(EMPTY, ""),
        **{f"score_{label}": scores.get(label) for label in LABELS},
        "id": pk,
        "site_id": 1,
        "comment_id": pk,
        "revision": 1,
        "received_at": "2026-11-23 09:00:00.000000",
        "verdict": "review",
        "reasons": "[]",
    }
    insert(tx, "comments", row)
    opened_at = f"2026-11-23 {9 + hours:02}:00:00.000000"
    item = {"id": uuid4().hex, "comment_pk": pk, "site_id": 1, "section": "", "labels": "[]"}
    insert(tx, "queue_items", {**item, "priority": 1.0, "opened_at": opened_at})


def insert(tx: sa.Connection, table: str, row: dict[str, object]) -> None:
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    tx.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), row)  # noqa: S608
