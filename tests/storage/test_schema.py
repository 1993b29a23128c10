from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from moderation.storage import (  # noqa: F401 - they add to the metadata
    adapter_tables,
    waiting_schema,
)
from moderation.storage.engine import Database
from moderation.storage.migrations import current_revision, head_revision, migrate
from moderation.storage.schema import metadata, sites


def is_no_search_index(_object: object, name: str | None, *_rest: object) -> bool:
    """The full-text index is each database's own, and no part of the metadata."""
    return not (name or "").startswith("search_comments")


def test_migrations_lead_to_exactly_the_tables_of_the_code(database: Database) -> None:
    with database.reading() as tx:
        context = MigrationContext.configure(
            tx, opts={"compare_type": True, "include_object": is_no_search_index}
        )

        assert compare_metadata(context, metadata) == []
        assert current_revision(tx) == head_revision()


def test_migrating_twice_changes_nothing(database: Database) -> None:
    migrate(database.engine)

    with database.reading() as tx:
        assert current_revision(tx) == head_revision()


def test_a_time_comes_back_aware_and_in_utc(database: Database) -> None:
    in_bandung = datetime(2026, 11, 23, 16, 0, tzinfo=timezone(timedelta(hours=7)))
    with database.writing() as tx:
        tx.execute(sa.insert(sites).values(name="kabar", created_at=in_bandung))

    with database.reading() as tx:
        found = tx.execute(sa.select(sites.c.created_at)).scalar_one()

    assert found == in_bandung
    assert found.tzinfo is UTC


def test_a_naive_time_is_refused(database: Database) -> None:
    naive = datetime(2026, 11, 23, 16, 0)  # noqa: DTZ001

    with (
        pytest.raises(sa.exc.StatementError, match="naive datetime"),
        database.writing() as tx,
    ):
        tx.execute(sa.insert(sites).values(name="kabar", created_at=naive))
