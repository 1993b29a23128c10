"""People of each role at the desk."""

from collections.abc import Callable

import pytest
from flask import Flask

from moderation.services import access
from moderation.storage.engine import Database
from moderation.storage.users import Role
from tests.console.conftest import Browser
from tests.factories import MONDAY, PASSWORD

LogIn = Callable[[str, Role], Browser]


@pytest.fixture
def log_in_as(app: Flask, database: Database) -> LogIn:
    """Give somebody an account with a role, and log them in."""

    def log_in_as(username: str, role: Role) -> Browser:
        with database.writing() as tx:
            access.add_user(
                tx,
                username=username,
                display_name=username.title(),
                password=PASSWORD,
                role=role,
                now=MONDAY,
            )
        browser = Browser(app.test_client())
        browser.log_in(username)
        return browser

    return log_in_as


@pytest.fixture
def editor(log_in_as: LogIn) -> Browser:
    return log_in_as("rina", Role.EDITOR)


@pytest.fixture
def admin(log_in_as: LogIn) -> Browser:
    return log_in_as("bos", Role.ADMIN)
