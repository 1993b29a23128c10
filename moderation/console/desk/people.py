"""People: who may do what and where, and how outsiders see them."""

from collections.abc import Callable

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from moderation.console.desk.access import ADMINS, current_person, page
from moderation.console.languages import say
from moderation.domain.reach import EVERYWHERE, Reach
from moderation.errors import ForbiddenError, InvalidError
from moderation.runtime import runtime
from moderation.services import forecasting, people
from moderation.storage import scored, sites
from moderation.storage.profiles import Profile
from moderation.storage.users import Role

ROLE_NAMES: dict[Role, str] = {
    Role.MODERATOR: "Moderator",
    Role.EDITOR: "Redaktur",
    Role.ADMIN: "Pengelola",
}
_WHOLE_SITE = "seluruh situs"


@page("/people", ADMINS)
def show_people() -> ResponseReturnValue:
    """List everybody."""
    with runtime().database.reading() as tx:
        listed = people.list_people(tx)
        names = {site.id: site.name for site in sites.list_sites(tx)}
    return render_template(
        "console/desk/people.html", people=listed, sites=names, ROLE_NAMES=ROLE_NAMES
    )


@page("/people", ADMINS, method="POST")
def add_person() -> ResponseReturnValue:
    """Give somebody an account and show the password once."""
    service, username = runtime(), request.form.get("username", "").strip()
    try:
        with service.database.writing() as tx:
            password = people.add_person(
                tx,
                actor=current_person(),
                username=username,
                display_name=request.form.get("display_name", "").strip(),
                role=_asked_role(),
                now=service.clock(),
            )
    except InvalidError:
        flash("Nama pengguna itu kosong, terlalu panjang, atau sudah dipakai.", "error")
        return redirect(url_for("desk.show_people"), 303)
    return _show_password(username, password)


@page("/people/<int:user_id>", ADMINS)
def show_person(user_id: int) -> ResponseReturnValue:
    """Show one person's account and reach."""
    with runtime().database.reading() as tx:
        person = people.find_person(tx, user_id)
        places = _offered_places(tx, person.profile.reach)
    return render_template(
        "console/desk/person.html",
        person=person,
        places=places,
        own=user_id == current_person().id,
        ROLE_NAMES=ROLE_NAMES,
        longest=people.LONGEST_NAME,
    )


@page("/people/<int:user_id>/role", ADMINS, method="POST")
def set_role(user_id: int) -> ResponseReturnValue:
    """Give somebody another role."""
    role, now, actor = _asked_role(), runtime().clock(), current_person()
    return _change(
        user_id,
        lambda tx: people.set_role(tx, user_id, role, actor=actor, now=now),
        say("Perannya sekarang {role}. Semua sesinya berakhir.", role=say(ROLE_NAMES[role])),
    )


@page("/people/<int:user_id>/active", ADMINS, method="POST")
def set_active(user_id: int) -> ResponseReturnValue:
    """Keep somebody out, or let them in again."""
    active, now, actor = request.form.get("active") == "1", runtime().clock(), current_person()
    return _change(
        user_id,
        lambda tx: people.set_active(tx, user_id, active, actor=actor, now=now),
        "Akunnya aktif lagi." if active else "Akunnya dimatikan dan semua sesinya berakhir.",
    )


@page("/people/<int:user_id>/sessions", ADMINS, method="POST")
def end_sessions(user_id: int) -> ResponseReturnValue:
    """Log somebody out everywhere."""
    now, actor = runtime().clock(), current_person()
    return _change(
        user_id,
        lambda tx: people.end_sessions(tx, user_id, actor=actor, now=now),
        "Semua sesinya berakhir.",
    )


@page("/people/<int:user_id>/password", ADMINS, method="POST")
def reset_password(user_id: int) -> ResponseReturnValue:
    """Make a new password and show it once."""
    service = runtime()
    with service.database.writing() as tx:
        person = people.find_person(tx, user_id).user
        password = people.reset_password(tx, user_id, actor=current_person(), now=service.clock())
    return _show_password(person.username, password)


@page("/people/<int:user_id>/profile", ADMINS, method="POST")
def set_profile(user_id: int) -> ResponseReturnValue:
    """Set somebody's reach and pseudonym."""
    profile = Profile(request.form.get("pseudonym", "").strip(), _asked_reach())
    now, actor = runtime().clock(), current_person()
    return _change(
        user_id,
        lambda tx: people.set_profile(tx, user_id, profile, actor=actor, now=now),
        "Jangkauan dan nama samaran tersimpan.",
    )


def _change(user_id: int, work: Callable[[sa.Connection], None], done: str) -> ResponseReturnValue:
    try:
        with runtime().database.writing() as tx:
            work(tx)
    except ForbiddenError:
        flash("Itu tidak boleh: harus selalu ada pengelola yang dapat masuk.", "error")
    except (InvalidError, sa.exc.IntegrityError):
        flash("Tidak tersimpan: nama samaran terlalu panjang, atau sudah dipakai.", "error")
    else:
        flash(done, "info")
    return redirect(url_for("desk.show_person", user_id=user_id), 303)


def _show_password(username: str, password: str) -> str:
    """Answer with the password itself: a redirect would have to keep it somewhere."""
    return render_template("console/desk/password.html", username=username, password=password)


def _asked_role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError as error:
        raise InvalidError("is no role", "/role") from error


def _asked_reach() -> Reach:
    """Read the reach; a site stands as its id, a section as ``id:name``."""
    if request.form.get("everywhere") == "1":
        return EVERYWHERE
    places = []
    for value in request.form.getlist("place"):
        site, _, section = value.partition(":")
        if not site.isdigit():
            raise InvalidError("is no place", "/place")
        places.append((int(site), section))
    return Reach.of(places)


def _offered_places(tx: sa.Connection, reach: Reach) -> list[tuple[str, str, str, bool]]:
    """Return, as value, site, words and whether it is chosen, all that can be chosen."""
    offered: list[tuple[str, str, str, bool]] = []
    for site in sites.list_sites(tx):
        offered.append((str(site.id), site.name, say(_WHOLE_SITE), (site.id, "") in reach.places))
        recent = scored.list_sections(tx, site.id, among=forecasting.LATEST)
        kept = {section for place, section in reach.places if place == site.id and section}
        for section in sorted({*recent, *kept}):
            chosen = (site.id, section) in reach.places
            offered.append((f"{site.id}:{section}", site.name, section, chosen))
    return offered
