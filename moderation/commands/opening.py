"""What a command opens before it does its work, and closes after it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from moderation.settings import Settings
from moderation.storage.engine import Database


@contextmanager
def open_database(settings: Settings | None = None) -> Iterator[Database]:
    """Open the database the settings name, those of the environment if none are given."""
    settings = settings or Settings.from_environ(os.environ)
    database = Database(settings.database_url, sqlite_synchronous=settings.sqlite_synchronous)
    try:
        yield database
    finally:
        database.close()
