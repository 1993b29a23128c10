"""Where the queue's pages hang, and what holds for all of them."""

from typing import Any

from apiflask import APIBlueprint
from flask import abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from moderation.console.auth import current_reach, current_username
from moderation.console.filtering import View
from moderation.console.marking import mark, visible
from moderation.runtime import runtime
from moderation.storage import preferences, queue

blueprint = APIBlueprint(
    "review",
    __name__,
    url_prefix="/console",
    template_folder="templates",
    enable_openapi=False,
)
blueprint.add_app_template_global(mark, "mark")
blueprint.add_app_template_filter(visible, "visible")


@blueprint.before_request
@login_required
def _require_login() -> None:
    """Let nobody past who has not logged in."""


@blueprint.before_request
def _require_reach() -> None:
    """Hide an item outside the sites and sections the person works on."""
    item_id = (request.view_args or {}).get("item_id")
    if item_id is None:
        return
    with runtime().database.reading() as tx:
        item = queue.find(tx, item_id)
        if item is None or not current_reach(tx).covers(item.site_id, item.section):
            abort(404)


@blueprint.app_template_global("preferences")
def read_preferences() -> dict[str, Any]:
    """Return what the present person has set, read once a request."""
    if not current_user.is_authenticated:
        return {}
    if "preferences" not in g:
        with runtime().database.reading() as tx:
            g.preferences = preferences.read(tx, current_username())
    found: dict[str, Any] = g.preferences
    return found


@blueprint.get("")
@blueprint.get("/")
def show_start() -> ResponseReturnValue:
    """Begin at the queue, as the person last asked to see it."""
    saved = read_preferences().get("view", {})
    return redirect(url_for("review.show_queue", **View.read(saved).to_query()))


@blueprint.get("/<path:_rest>")
def miss(_rest: str) -> ResponseReturnValue:
    """Answer an unknown address with a page rather than with the API's JSON."""
    abort(404)
