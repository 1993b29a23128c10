"""A person's own page about their second factor: on, off, and new recovery codes."""

import segno
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user
from markupsafe import Markup

from moderation.console.auth import Person, admit_guess, forgive_guesses, refuse_guess
from moderation.console.desk.access import current_person
from moderation.console.forms import CodeForm, OwnerForm, PasswordForm
from moderation.console.views import blueprint
from moderation.errors import ForbiddenError, InvalidError
from moderation.runtime import runtime
from moderation.services import access, people, second_factor
from moderation.services.second_factor import Enrolment
from moderation.storage.identity import Pseudonyms

_PAGE = "console/second_factor.html"
_BEGUN_PAGE = "console/second_factor_begun.html"
_CODES_PAGE = "console/second_factor_codes.html"


@blueprint.get("/me/second-factor")
def show_second_factor() -> ResponseReturnValue:
    """Say whether logging in asks for a code, and offer to change that."""
    return _show_page()


@blueprint.post("/me/second-factor/begin")
def begin_second_factor() -> ResponseReturnValue:
    """Show a new secret to whoever knows the password; it is not asked for yet."""
    form, person, service = PasswordForm(), current_person(), runtime()
    if not form.validate_on_submit():
        return _show_page(form)
    if not admit_guess(person.username):
        return refuse_guess(_PAGE, **_page_values(form))
    with service.database.reading() as tx:
        known = access.check_password(tx, person.username, form.password.data)
    if known is None:
        flash("Kata sandi salah.", "error")
        return _show_page(form)
    try:
        with service.database.writing() as tx:
            begun = second_factor.begin(tx, person, pseudonyms=_pseudonyms(), now=service.clock())
            forgive_guesses(tx, person.username)
    except ForbiddenError:
        return _go_to_page()
    return _show_begun(CodeForm(formdata=None), begun)


@blueprint.post("/me/second-factor/confirm")
def confirm_second_factor() -> ResponseReturnValue:
    """Put the second factor into use once the device gives the right code."""
    form, person, service = CodeForm(), current_person(), runtime()
    try:
        with service.database.reading() as tx:
            begun = second_factor.read_enrolment(tx, person, pseudonyms=_pseudonyms())
        if not form.validate_on_submit():
            return _show_begun(form, begun)
        with service.database.writing() as tx:
            codes = second_factor.confirm(
                tx, person, form.code.data, pseudonyms=_pseudonyms(), now=service.clock()
            )
            changed = people.find_person(tx, person.id).user
    except ForbiddenError:
        return _go_to_page()
    except InvalidError:
        flash("Kode itu tidak cocok. Periksa jam perangkat Anda, lalu coba lagi.", "error")
        return _show_begun(CodeForm(formdata=None), begun)
    # Every session ended with the old stamp; this one has just shown a code.
    login_user(Person(changed))
    return render_template(_CODES_PAGE, codes=codes)


@blueprint.post("/me/second-factor/codes")
def renew_recovery_codes() -> ResponseReturnValue:
    """Show ten new recovery codes, once."""
    form, now, person = OwnerForm(), runtime().clock(), current_person()
    refused = _refuse_stranger(form)
    if refused is not None:
        return refused
    with runtime().database.writing() as tx:
        codes = second_factor.renew_recovery_codes(tx, person, now=now)
    return render_template(_CODES_PAGE, codes=codes)


@blueprint.post("/me/second-factor/off")
def switch_off_second_factor() -> ResponseReturnValue:
    """Ask for no code any more."""
    form, now, person = OwnerForm(), runtime().clock(), current_person()
    refused = _refuse_stranger(form)
    if refused is not None:
        return refused
    with runtime().database.writing() as tx:
        second_factor.switch_off(tx, person, now=now)
    flash("Langkah kedua dimatikan. Masuk sekarang cukup dengan kata sandi.", "info")
    return _go_to_page()


def _refuse_stranger(form: OwnerForm) -> ResponseReturnValue | None:
    """Answer whoever does not know the password or shows no code; ``None`` for the owner."""
    if not form.validate_on_submit():
        return _show_page(form)
    person, service = current_person(), runtime()
    if not admit_guess(person.username):
        return refuse_guess(_PAGE, **_page_values(form))
    with service.database.reading() as tx:
        known = access.check_password(tx, person.username, form.password.data)
    if known is not None:
        with service.database.writing() as tx:
            code, now = form.code.data, service.clock()
            if second_factor.accept(tx, person, code, pseudonyms=_pseudonyms(), now=now):
                forgive_guesses(tx, person.username)
                return None
    flash("Kata sandi atau kode itu salah, atau kodenya sudah pernah dipakai.", "error")
    return _show_page(form)


def _show_page(form: PasswordForm | None = None) -> ResponseReturnValue:
    """Show the page, as refused where a form came in."""
    page = render_template(_PAGE, **_page_values(form))
    return page if form is None else (page, 400)


def _page_values(form: PasswordForm | None) -> dict[str, object]:
    person = current_person()
    with runtime().database.reading() as tx:
        state = second_factor.look(tx, person.id)
    usual = OwnerForm(formdata=None) if state.on else PasswordForm(formdata=None)
    # It may have been switched on or off elsewhere since the form was opened.
    fits = isinstance(form, OwnerForm) == state.on
    return {"state": state, "form": form if form is not None and fits else usual}


def _show_begun(form: CodeForm, begun: Enrolment) -> ResponseReturnValue:
    """Show the secret as a picture to scan and as letters to type."""
    drawn = segno.make(begun.uri, error="m", micro=False).svg_inline(
        omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None
    )
    page = render_template(
        _BEGUN_PAGE,
        form=form,
        # Drawn by the library from digits and letters of ours.
        qr=Markup(drawn),  # noqa: S704 # nosec B704
        secret=" ".join(begun.secret[at : at + 4] for at in range(0, len(begun.secret), 4)),
    )
    return page, 400 if form.errors else 200


def _go_to_page() -> ResponseReturnValue:
    return redirect(url_for("review.show_second_factor"), 303)


def _pseudonyms() -> Pseudonyms:
    return runtime().intake.pseudonyms
