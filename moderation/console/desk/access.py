"""Who may open which page of the desk; a page nobody was named for is closed to all."""

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask import abort, request
from flask_login import current_user, login_required

from moderation.storage.users import Role, User

EVERYBODY = frozenset(Role)
EDITORS = frozenset({Role.EDITOR, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})

ENTRIES: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("desk.show_overview", "Ikhtisar", EDITORS),
    ("desk.show_policies", "Kebijakan", EDITORS),
    ("desk.show_rules", "Aturan", EDITORS),
    ("desk.show_hot_articles", "Artikel ramai", EVERYBODY),
    ("desk.show_strip", "Pita skor", EDITORS),
    ("desk.show_second_look", "Tinjau ulang", EVERYBODY),
    ("desk.show_agreement", "Kesepahaman", EDITORS),
    ("desk.show_complaints", "Pengaduan", EDITORS),
    ("desk.show_audit", "Jejak", EDITORS),
    ("desk.show_second_factors", "Langkah kedua", EDITORS),
    ("desk.show_people", "Orang", ADMINS),
    ("desk.show_webhooks", "Webhook", ADMINS),
)
"""The desk's navigation: endpoint, words, and who sees it."""

blueprint = APIBlueprint(
    "desk",
    __name__,
    url_prefix="/console",
    template_folder="../templates",
    enable_openapi=False,
)

_roles: dict[str, frozenset[Role]] = {}


def page(rule: str, roles: frozenset[Role], *, method: str = "GET") -> Callable[[Any], Any]:
    """Serve a view to these roles, and to nobody else."""

    def keep(view: Callable[..., Any]) -> Callable[..., Any]:
        _roles[f"{blueprint.name}.{view.__name__}"] = roles
        blueprint.add_url_rule(rule, view_func=view, methods=[method])
        return view

    return keep


@blueprint.before_request
@login_required
def _require_role() -> None:
    if not may_open(current_person(), request.endpoint or ""):
        abort(403)


def may_open(person: User, endpoint: str) -> bool:
    """Say whether a person's role opens an endpoint of the desk."""
    return person.role in _roles.get(endpoint, frozenset())


def current_person() -> User:
    """Return who is asking."""
    person: User = current_user.user
    return person


@blueprint.context_processor
def _offer_entries() -> dict[str, Any]:
    person = current_person() if current_user.is_authenticated else None
    return {
        "desk_entries": [
            (endpoint, words)
            for endpoint, words, roles in ENTRIES
            if person is not None and person.role in roles
        ]
    }
