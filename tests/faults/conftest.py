"""A database of one kind, where a fault is that kind's own."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    path = tmp_path / "moderation.db"
    shutil.copyfile(migrated_sqlite, path)
    return f"sqlite:///{path}"
