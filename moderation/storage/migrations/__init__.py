"""Schema changes, run by ``python -m moderation migrate``, never by a worker."""

import functools
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from moderation.storage import (  # noqa: F401 - their tables join the metadata
    overview_schema,
    second_factor_schema,
    webhook_schema,
)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def migrate(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the database to a revision; a no-op when it is there already."""
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


@functools.cache
def head_revision() -> str | None:
    """Return the revision this code needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def current_revision(tx: sa.Connection) -> str | None:
    """Return the revision the database is at, or ``None`` if it was never migrated."""
    return MigrationContext.configure(tx).get_current_revision()
