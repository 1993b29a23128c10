"""Logging in and out, and who is asking."""

import logging
import secrets
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from apiflask import APIBlueprint
from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from moderation.console.forms import LoginForm
from moderation.console.languages import speak
from moderation.domain.reach import Reach
from moderation.runtime import runtime
from moderation.services import access, second_factor, throttling
from moderation.services.access import LONGEST_SHIFT
from moderation.services.throttling import Guess
from moderation.storage import ended_sessions, preferences, profiles, sites, users
from moderation.storage.sites import Site
from moderation.storage.users import User

blueprint = APIBlueprint(
    "console",
    __name__,
    enable_openapi=False,
    url_prefix="/console",
    template_folder="templates",
    static_folder="static",
)

logger = logging.getLogger(__name__)

_BEGUN, _SEEN, _ID, _HALFWAY = "begun", "seen", "id", "halfway"
_NOTED_EVERY_S = 60
SECOND_STEP_WITHIN = timedelta(minutes=5)

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
    if not _session_runs():
        return None
    user_id, _, stamp = remembered.partition(":")
    with runtime().database.reading() as tx:
        user = users.find(tx, int(user_id)) if user_id.isdigit() else None
        ended = ended_sessions.is_ended(tx, str(session.get(_ID, "")))
    if ended or user is None or not user.active or user.session_stamp != stamp:
        return None
    return Person(user)


def _session_runs() -> bool:
    """Say whether the session is within its limits, and note that it is in use."""
    service = runtime()
    now = int(service.clock().timestamp())
    begun, seen = session.get(_BEGUN), session.get(_SEEN)
    if not isinstance(begun, int) or not isinstance(seen, int):
        return False
    if now - begun > LONGEST_SHIFT.total_seconds() or now - seen > service.settings.console_idle_s:
        session.clear()
        return False
    if now - seen >= _NOTED_EVERY_S:
        session[_SEEN] = now
    return True


def current_username() -> str:
    """Return the name under which the present person's acts are recorded."""
    name: str = current_user.user.username
    return name


def current_reach(tx: sa.Connection) -> Reach:
    """Return which sites and sections the present person works on, read once a request."""
    if "reach" not in g:
        g.reach = profiles.find_reach(tx, current_user.user)
    found: Reach = g.reach
    return found


def own_sites(tx: sa.Connection) -> list[Site]:
    """Return the sites a person works on as a whole: what it is for knows no sections."""
    reach = current_reach(tx)
    return [site for site in sites.list_sites(tx) if reach.covers_site(site.id)]


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Ask for name and password, and lead on to the second step where the person has one."""
    if current_user.is_authenticated:
        return redirect(url_for("review.show_queue"))
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("console/login.html", form=form)
    service = runtime()
    if not admit_guess(form.username.data):
        return refuse_guess("console/login.html", form=form)
    with service.database.reading() as tx:
        user = access.check_password(tx, form.username.data.strip(), form.password.data)
        asked = user is not None and second_factor.is_on(tx, user.id)
    if user is None:
        logger.warning("a login failed")
        flash("Nama pengguna atau kata sandi salah.", "error")
        return render_template("console/login.html", form=form), 401
    if asked:
        session[_HALFWAY] = [user.id, user.session_stamp, int(service.clock().timestamp())]
        return redirect(url_for("console.ask_code", next=request.args.get("next")))
    return begin_session(user)


def begin_session(user: User) -> ResponseReturnValue:
    """Log in somebody who has shown all that is asked of them, in a new session."""
    service = runtime()
    with service.database.writing() as tx:
        forgive_guesses(tx, user.username)
        users.record_login(tx, user.id, now=service.clock())
        chosen = preferences.read(tx, user.username).get("language", "id")
    session.clear()
    session.permanent = True
    speak(chosen)
    login_user(Person(user))
    session[_ID] = secrets.token_hex(16)
    session[_BEGUN] = session[_SEEN] = int(service.clock().timestamp())
    return redirect(_wanted_page() or url_for("review.show_queue"))


def find_halfway(tx: sa.Connection) -> User | None:
    """Return who has given the password a moment ago and owes the second step."""
    user_id, stamp, at = session.get(_HALFWAY, (0, "", 0))
    if runtime().clock().timestamp() - at > SECOND_STEP_WITHIN.total_seconds():
        return None
    user = users.find(tx, user_id)
    if user is None or not user.active or user.session_stamp != stamp:
        return None
    return user


def admit_guess(username: str) -> bool:
    """Note that somebody tries a password or a code, and say whether it may be looked at."""
    service = runtime()
    with service.database.writing() as tx:
        return throttling.admit(tx, _describe_guess(username), now=service.clock())


def forgive_guesses(tx: sa.Connection, username: str) -> None:
    """Forget what was tried on an account after its owner has shown who they are."""
    throttling.forgive(tx, _describe_guess(username))


def refuse_guess(template: str, **values: object) -> ResponseReturnValue:
    """Answer somebody who has tried too often, on the page they tried on."""
    flash("Terlalu banyak percobaan masuk. Coba lagi seperempat jam lagi.", "error")
    seconds = str(int(throttling.WINDOW.total_seconds()))
    return render_template(template, **values), 429, {"Retry-After": seconds}


def _describe_guess(username: str) -> Guess:
    return throttling.describe_guess(
        runtime().intake.pseudonyms, username=username, ip=request.remote_addr or ""
    )


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    """End the session, in the database as well: a copy of its cookie opens nothing."""
    service = runtime()
    if _ID in session:
        with service.database.writing() as tx:
            ended_sessions.add(tx, session[_ID], now=service.clock())
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
