from typing import Any

import pytest
import sqlalchemy as sa

from moderation.domain.verdict import Label, SpamKind
from moderation.storage import queue
from moderation.storage.engine import Database
from moderation.storage.queue import Filter, Order


@pytest.mark.parametrize(
    ("which", "order", "index"),
    [
        (Filter(), Order.PRIORITY, "ix_queue_items_open_by_priority"),
        (Filter(), Order.OLDEST, "ix_queue_items_open_by_age"),
        (Filter(site_id=1), Order.PRIORITY, "ix_queue_items_site_open_by_priority"),
        (Filter(section="Opini"), Order.PRIORITY, "ix_queue_items_open_by_section"),
        (Filter(label=Label.THREAT), Order.PRIORITY, "ix_queue_items_open_threat"),
        (Filter(score=0.9), Order.PRIORITY, "ix_queue_items_open_reaches_90"),
        (Filter(score=0.95), Order.PRIORITY, "ix_queue_items_open_reaches_90"),
        (Filter(spam_kind=SpamKind.JUDOL), Order.PRIORITY, "ix_queue_items_open_spam_kind"),
        (Filter(known_language=False), Order.PRIORITY, "ix_queue_items_open_unknown_language"),
    ],
)
def test_a_page_is_read_from_its_own_index_past_all_that_ever_waited(
    database: Database, which: Filter, order: Order, index: str
) -> None:
    asked: list[tuple[str, Any]] = []

    def hear(_c: object, _k: object, statement: str, values: Any, *_rest: object) -> None:
        asked.append((statement, values))

    is_sqlite = database.engine.dialect.name == "sqlite"
    with database.reading() as tx:
        if not is_sqlite:  # it would scan a table this small whatever its indexes
            tx.execute(sa.text("SET LOCAL enable_seqscan = off"))
            tx.execute(sa.text("SET LOCAL enable_bitmapscan = off"))
            tx.execute(sa.text("SET LOCAL enable_sort = off"))
        sa.event.listen(tx, "before_cursor_execute", hear)
        queue.list_open(tx, which, order=order, limit=25)
        ((statement, values),) = asked[:1]
        explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
        plan = " ".join(str(row) for row in tx.exec_driver_sql(explain + statement, values))

    assert index in plan
    assert "TEMP B-TREE" not in plan
