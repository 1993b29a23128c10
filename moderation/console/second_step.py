"""The second step of logging in: a code, after the password."""

import logging

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from moderation.console.auth import (
    admit_guess,
    begin_session,
    blueprint,
    find_halfway,
    refuse_guess,
)
from moderation.console.forms import CodeForm
from moderation.console.languages import say
from moderation.runtime import runtime
from moderation.services import second_factor
from moderation.services.second_factor import Proof
from moderation.storage.users import User

logger = logging.getLogger(__name__)

_PAGE = "console/code.html"
_FEW_CODES = 3


@blueprint.route("/login/code", methods=["GET", "POST"])
def ask_code() -> ResponseReturnValue:
    """Ask whoever gave the password for a code."""
    if current_user.is_authenticated:
        return redirect(url_for("review.show_queue"))
    service, form = runtime(), CodeForm()
    with service.database.reading() as tx:
        user = find_halfway(tx)
    if user is None:
        return redirect(url_for("console.login", next=request.args.get("next")))
    if not form.validate_on_submit():
        return render_template(_PAGE, form=form)
    if not admit_guess(user.username):
        return refuse_guess(_PAGE, form=form)
    with service.database.writing() as tx:
        proof = second_factor.accept(
            tx,
            user,
            form.code.data,
            pseudonyms=service.intake.pseudonyms,
            now=service.clock(),
        )
    if proof is None:
        logger.warning("a second step failed")
        flash("Kode itu salah atau sudah pernah dipakai.", "error")
        return render_template(_PAGE, form=CodeForm(formdata=None)), 401
    begun = begin_session(user)
    if proof is Proof.RECOVERY:
        _tell_of_codes_left(user)
    return begun


def _tell_of_codes_left(user: User) -> None:
    with runtime().database.reading() as tx:
        left = second_factor.look(tx, user.id).recovery_codes
    words = say("Anda masuk dengan kode cadangan. Tersisa {count}.", count=left)
    flash(words, "error" if left < _FEW_CODES else "info")
