"""What the bar at the top of every page leads to."""

from dataclasses import dataclass

from flask import Flask, current_app
from flask_login import current_user

from moderation.console.desk.access import EDITORS
from moderation.storage.users import Role


@dataclass(frozen=True, slots=True)
class Link:
    """A page in the bar; ``roles`` says who sees it, nobody named means everybody."""

    endpoint: str
    label: str
    roles: frozenset[Role] = frozenset()


LINKS: tuple[Link, ...] = (
    Link("review.show_queue", "Antrean"),
    Link("review.show_search", "Cari"),
    Link("campaign_pages.show", "Kampanye"),
    Link("desk.show_second_look", "Tinjau ulang"),
    Link("desk.show_overview", "Meja redaksi", EDITORS),
)


def links_for_person() -> list[Link]:
    """Return the links the present person may follow; pages that are not served are left out."""
    role = current_user.user.role
    return [
        link
        for link in LINKS
        if link.endpoint in current_app.view_functions and (not link.roles or role in link.roles)
    ]


def register(app: Flask) -> None:
    """Give the templates the bar."""
    app.jinja_env.globals.update(links_for_person=links_for_person)
