"""Where the queue's pages hang, and what holds for all of them."""

from typing import Any

from flask import Blueprint, abort, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from moderation.console.auth import current_username
from moderation.console.filtering import View
from moderation.console.marking import mark, visible
from moderation.runtime import runtime
from moderation.storage import preferences

blueprint = Blueprint("review", __name__, url_prefix="/console", template_folder="templates")
blueprint.add_app_template_global(mark, "mark")
blueprint.add_app_template_filter(visible, "visible")


@blueprint.before_request
@login_required
def _require_login() -> None:
    """Let nobody past who has not logged in."""


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
