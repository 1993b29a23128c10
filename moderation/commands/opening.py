"""What a command opens before it does its work."""

import os

from moderation.settings import Settings
from moderation.storage.engine import Database


def open_database(settings: Settings | None = None) -> Database:
    """Open the database the environment names."""
    settings = settings or Settings.from_environ(os.environ)
    return Database(settings.database_url, sqlite_synchronous=settings.sqlite_synchronous)
