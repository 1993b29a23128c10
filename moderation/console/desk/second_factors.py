"""Whose login asks for a second step, and a way back in for whoever lost their device."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from moderation.console.desk.access import EDITORS, current_person, page
from moderation.console.desk.people import ROLE_NAMES
from moderation.errors import ForbiddenError
from moderation.runtime import runtime
from moderation.services import second_factor
from moderation.storage import second_factors, users


@page("/second-factors", EDITORS)
def show_second_factors() -> ResponseReturnValue:
    """List who may log in, and which of them show a code for it."""
    with runtime().database.reading() as tx:
        people = [user for user in users.list_all(tx) if user.active]
        confirmed = second_factors.list_confirmed(tx)
    return render_template(
        "console/desk/second_factors.html",
        people=people,
        confirmed=confirmed,
        may_reset=lambda user: second_factor.may_reset(current_person(), user),
        ROLE_NAMES=ROLE_NAMES,
    )


@page("/second-factors/<int:user_id>/reset", EDITORS, method="POST")
def reset_second_factor(user_id: int) -> ResponseReturnValue:
    """Let somebody log in by password alone, until they switch it on again."""
    service = runtime()
    try:
        with service.database.writing() as tx:
            second_factor.reset(tx, user_id, actor=current_person(), now=service.clock())
    except ForbiddenError:
        flash("Itu hanya boleh dilakukan pengelola lain.", "error")
    else:
        flash("Langkah kedua dicabut dan semua sesinya berakhir.", "info")
    return redirect(url_for("desk.show_second_factors"), 303)
