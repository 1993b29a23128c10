from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import command

from moderation.domain.comment import Submission
from moderation.domain.policy import Band
from moderation.services.intake import Intake
from moderation.storage import migrations
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.storage.schema import queue_items
from moderation.storage.sites import Site
from tests.factories import MONDAY, FakeScorer, a_policy


def test_what_waited_before_is_found_by_the_new_filters(
    database: Database, site: Site, scorer: FakeScorer
) -> None:
    scorer.unknown = "pitäisi"
    scorer.policy = a_policy(spam=Band(0.3, 0.99))
    intake = Intake(database, scorer, Pseudonyms("a-secret-for-the-tests"))
    for number, text in enumerate(("slot gacor", "dasar goblok", "pitäisi tietää", "bagus")):
        intake.submit(site, Submission(f"c-{number}", text), now=MONDAY + timedelta(minutes=number))
    before = flags(database)

    back(database, "0011")
    migrations.migrate(database.engine)

    assert flags(database) == before
    assert before == [
        ("judol", True, True, True, False),
        (None, True, False, False, False),
        (None, False, False, False, True),
    ]


def flags(database: Database) -> list[Any]:
    names = ("spam_kind", "reaches_50", "reaches_70", "reaches_90", "unknown_language")
    statement = sa.select(*(queue_items.c[name] for name in names)).order_by(queue_items.c.id)
    with database.reading() as tx:
        return [tuple(row) for row in tx.execute(statement)]


def back(database: Database, revision: str) -> None:
    config = migrations._config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
