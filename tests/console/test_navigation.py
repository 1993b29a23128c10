"""What the bar leads to."""

import pytest
from flask import Flask

from moderation.console import navigation
from moderation.console.navigation import Link
from moderation.storage.users import Role
from tests.console.conftest import Browser


def test_links_of_other_roles_and_unserved_pages_are_left_out(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        navigation,
        "LINKS",
        (
            Link("review.show_queue", "Antrean"),
            Link("review.show_start", "Awal", frozenset({Role.EDITOR})),
            Link("desk.show_nothing", "Ikhtisar"),
        ),
    )

    page = browser.open("/console/queue").text

    assert ">Antrean</a>" in page
    assert ">Awal</a>" not in page
    assert "Ikhtisar" not in page
