from pathlib import Path

import sqlalchemy as sa

from moderation.services.auditing import find_tampering
from moderation.storage import audit
from moderation.storage.engine import Database
from moderation.storage.migrations import migrate
from tests.factories import MONDAY


def test_a_log_from_before_the_chain_is_chained_and_goes_on(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/old.db")
    migrate(database.engine, "0001")
    with database.engine.begin() as tx:
        for row_id in (3, 8):
            tx.execute(
                sa.text(
                    "INSERT INTO audit_log (id, at, actor, act, subject, detail) VALUES"
                    " (:id, '2026-11-23 09:00:00.000000', 'sari', 'comment.approve', 'c', :detail)"
                ),
                {"id": row_id, "detail": '{"note": "kutipan", "labels": []}'},
            )

    migrate(database.engine)
    with database.writing() as tx:
        audit.record(tx, at=MONDAY, actor="tono", act="key.add", subject="k")

    with database.reading() as tx:
        assert list(find_tampering(tx)) == []
        found = list(audit.list_entries(tx))
    assert [entry.id for entry in found] == [1, 2, 3]
    assert "note" not in found[0].detail
    database.close()
