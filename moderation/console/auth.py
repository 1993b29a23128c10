"""Logging in and out, and who is asking."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from moderation.console.forms import LoginForm
from moderation.console.languages import speak
from moderation.runtime import runtime
from moderation.services import access
from moderation.storage import preferences, users
from moderation.storage.users import User

blueprint = Blueprint(
    "console",
    __name__,
    url_prefix="/console",
    template_folder="templates",
    static_folder="static",
)

login_manager = LoginManager()
login_manager.login_view = "console.login"
login_manager.login_message = "Silakan masuk dahulu."
login_manager.login_message_category = "info"


class Person(UserMixin):
    """A logged-in person; the session names them together with their session stamp."""

    def __init__(self, user: User) -> None:
        self.user = user

    @property
    def is_active(self) -> bool:
        """Say whether the account may be used."""
        return self.user.active

    def get_id(self) -> str:
        """Return what the session remembers; a new password changes it and ends the session."""
        return f"{self.user.id}:{self.user.session_stamp}"


@login_manager.user_loader
def load_person(remembered: str) -> Person | None:
    """Return the person a session belongs to, if it still holds."""
    user_id, _, stamp = remembered.partition(":")
    with runtime().database.reading() as tx:
        user = users.find(tx, int(user_id)) if user_id.isdigit() else None
    if user is None or not user.active or user.session_stamp != stamp:
        return None
    return Person(user)


def current_username() -> str:
    """Return the name under which the present person's acts are recorded."""
    name: str = current_user.user.username
    return name


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Ask for name and password."""
    if current_user.is_authenticated:
        return redirect(url_for("review.show_queue"))
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("console/login.html", form=form)
    service = runtime()
    with service.database.reading() as tx:
        user = access.check_password(tx, form.username.data.strip(), form.password.data)
    if user is None:
        flash("Nama pengguna atau kata sandi salah.", "error")
        return render_template("console/login.html", form=form), 401
    with service.database.writing() as tx:
        users.record_login(tx, user.id, now=service.clock())
        chosen = preferences.read(tx, user.username).get("language", "id")
    session.clear()
    session.permanent = True
    speak(chosen)
    login_user(Person(user))
    return redirect(_wanted_page() or url_for("review.show_queue"))


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    """End the session."""
    logout_user()
    session.clear()
    flash("Anda sudah keluar.", "info")
    return redirect(url_for("console.login"))


def _wanted_page() -> str | None:
    """Return the page the person was sent away from, if it is one of ours."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    inside = parts.path == "/console" or parts.path.startswith("/console/")
    return wanted if inside and not parts.scheme and not parts.netloc else None
