import pytest
from flask import Flask

from moderation.console.desk import access
from moderation.storage.users import Role
from tests.console.conftest import Browser


def desk_rules(app: Flask) -> list[str]:
    return [rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint[:5] == "desk."]


def test_every_page_of_the_desk_names_who_may_open_it(app: Flask) -> None:
    rules = desk_rules(app)

    assert rules
    assert all(access._roles.get(endpoint) for endpoint in rules)


def test_every_entry_of_the_navigation_is_a_page_its_readers_may_open(app: Flask) -> None:
    for endpoint, _, roles in access.ENTRIES:
        assert endpoint in desk_rules(app)
        assert roles == access._roles[endpoint]


@pytest.mark.parametrize("path", ["/console/overview"])
def test_a_moderator_is_kept_out_of_the_editors_pages(browser: Browser, path: str) -> None:
    page = browser.open(path)

    assert page.status_code == 403
    assert "Halaman ini bukan untuk peran Anda" in page.text


def test_a_stranger_is_asked_to_log_in(stranger: Browser) -> None:
    stranger.open("/console/overview")

    assert stranger.path == "/console/login"


def test_only_roles_named_open_a_page() -> None:
    assert access._roles["desk.show_overview"] == {Role.EDITOR, Role.ADMIN}
