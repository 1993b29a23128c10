from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from moderation.storage import campaigns, precedents
from moderation.storage.campaigns import AskedText, Campaign
from moderation.storage.engine import Database
from moderation.storage.prepared import Prepared
from moderation.storage.rule_schema import campaigns as table
from tests.factories import MONDAY

ID = UUID("01a207a2-3280-74c2-8b49-555f39faebae")
EVERYTHING = Prepared(
    lambda _dialect: sa.select(table.c.id, table.c.first_seen, table.c.copied).where(
        table.c.scope == sa.bindparam("scope"), table.c.copied == sa.false()
    ),
    convert=True,
)


def test_values_go_in_and_come_out_as_through_sqlalchemy(database: Database) -> None:
    campaign = Campaign(ID, "site:1", b"\0" * 16, MONDAY, MONDAY)

    with database.writing() as tx:
        campaigns.add(tx, campaign, [3, -5])
    with database.reading() as tx:
        plain = tx.execute(sa.select(table.c.id, table.c.first_seen, table.c.copied)).all()

    with database.glancing() as look:
        rows = EVERYTHING.run(look, {"scope": "site:1"})
        assert EVERYTHING.run(look, {"scope": "site:2"}) == []
        (candidate,) = campaigns.find_candidates(look, [ID])
        assert campaigns.complete(look, candidate) == campaign
    assert [tuple(row) for row in rows] == [tuple(row) for row in plain]
    assert isinstance(rows[0][1], datetime)
    assert rows[0][1].tzinfo is not None


def test_what_a_prepared_statement_wrote_is_gone_after_a_rollback(database: Database) -> None:
    campaign = Campaign(ID, "site:1", b"", MONDAY, MONDAY)

    with database.reading() as tx:
        tx.begin()
        campaigns.add(tx, campaign, [1])

    with database.glancing() as look:
        assert precedents.find(look, None, AskedText("site:1", [1])).holders == ()
