"""How each person likes their console: the view to begin with, saved notes, veiled words."""

import sqlalchemy as sa
from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from moderation.console.auth import current_username
from moderation.console.filtering import View
from moderation.console.forms import HoldForm, ReplyForm
from moderation.console.languages import LANGUAGES, speak
from moderation.console.views import blueprint
from moderation.runtime import runtime
from moderation.storage import preferences

MOST_REPLIES = 12


@blueprint.post("/me/view")
def save_view() -> ResponseReturnValue:
    """Begin every shift with the present view of the queue."""
    view = View.asked()
    write_preference("view", view.to_query())
    flash("Saringan disimpan. Konsol Anda mulai dengan saringan ini.", "info")
    return redirect(url_for("review.show_queue", **view.to_query()), 303)


@blueprint.post("/me/replies")
def save_reply() -> ResponseReturnValue:
    """Keep a note for another time; the oldest goes when there are too many."""
    form = ReplyForm()
    if not form.validate_on_submit():
        abort(400)
    service, me = runtime(), current_username()
    with service.database.writing() as tx:
        kept = [one for one in saved_replies(tx, me) if one != form.text.data.strip()]
        preferences.write(tx, me, "replies", [form.text.data.strip(), *kept][:MOST_REPLIES])
    flash("Catatan disimpan.", "info")
    return go_back()


@blueprint.post("/me/replies/forget")
def forget_reply() -> ResponseReturnValue:
    """Drop a saved note."""
    form = ReplyForm()
    if not form.validate_on_submit():
        abort(400)
    service, me = runtime(), current_username()
    with service.database.writing() as tx:
        kept = [one for one in saved_replies(tx, me) if one != form.text.data]
        preferences.write(tx, me, "replies", kept)
    return go_back()


@blueprint.post("/me/veil")
def set_veil() -> ResponseReturnValue:
    """Veil the marked words of every comment, or unveil them."""
    write_preference("veil", request.form.get("veil") == "1")
    return go_back()


@blueprint.post("/me/language")
def set_language() -> ResponseReturnValue:
    """Speak another language from here on, and at the next login."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    write_preference("language", chosen)
    speak(chosen)
    return go_back()


def saved_replies(tx: sa.Connection, username: str) -> list[str]:
    """Return a person's saved notes, the newest first."""
    return [str(text) for text in preferences.read(tx, username).get("replies", [])]


def write_preference(name: str, value: object) -> None:
    """Keep one of the present person's choices, if the form that asks for it is ours."""
    if not HoldForm().validate_on_submit():
        abort(400)
    with runtime().database.writing() as tx:
        preferences.write(tx, current_username(), name, value)


def go_back() -> ResponseReturnValue:
    """Go back to the page the form stood on, if it was one of the console's."""
    here = request.form.get("here", "")
    inside = here.startswith("/console/") and "\\" not in here
    return redirect(here if inside else url_for("review.show_start"), 303)
