"""Taking comments, holding them, and leaving them to others."""

from datetime import timedelta
from uuid import UUID

from flask import abort, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from moderation.console.auth import current_username
from moderation.console.filtering import View
from moderation.console.forms import HoldForm, SkipForm
from moderation.console.views import blueprint
from moderation.errors import StaleItemError
from moderation.runtime import runtime
from moderation.services import review, shift

BATCH = 5
MOST_HELD = 25


@blueprint.post("/next")
def claim_next() -> ResponseReturnValue:
    """Take some of the most urgent comments that nobody holds, and open the first of them.

    With ``stay`` the person stays at that comment. Where nothing is left, what they hold opens.
    """
    view, stay = View.asked(), request.form.get("stay", type=UUID)
    taken = _claim(view, skipped=True)
    if not taken:
        flash("Tidak ada komentar lain yang menunggu. Terima kasih!", "info")
    if stay is not None:
        return open_item(stay, view)
    open_now = taken or _held()
    return open_item(open_now[0], view) if open_now else open_list(view)


@blueprint.post("/items/<uuid:item_id>/claim")
def claim_item(item_id: UUID) -> ResponseReturnValue:
    """Take one chosen comment."""
    service = runtime()
    try:
        with service.database.writing() as tx:
            review.claim_one(
                tx, item_id, moderator=current_username(), lease=lease(), now=service.clock()
            )
    except StaleItemError:
        flash("Komentar itu baru saja diambil atau diputuskan orang lain.", "error")
    return open_item(item_id, View.asked())


@blueprint.post("/held/renew")
def renew_held() -> ResponseReturnValue:
    """Hold everything a person holds longer, while they look at the page."""
    service = runtime()
    if not HoldForm().validate_on_submit():
        abort(400)
    with service.database.writing() as tx:
        held = shift.renew_held(tx, current_username(), lease=lease(), now=service.clock())
    return jsonify(held=[str(item_id) for item_id in held], seconds=lease().seconds)


@blueprint.post("/items/<uuid:item_id>/skip")
def skip_item(item_id: UUID) -> ResponseReturnValue:
    """Leave a comment to others and go on."""
    service, form, view = runtime(), SkipForm(), View.asked()
    if not form.validate_on_submit():
        abort(400)
    try:
        with service.database.writing() as tx:
            shift.skip(
                tx,
                item_id,
                version=form.version.data,
                moderator=current_username(),
                now=service.clock(),
            )
    except StaleItemError:
        flash("Masa pegang komentar itu sudah habis; tidak ada yang hilang.", "info")
    if form.back.data:
        return open_list(view)
    return go_on(view, otherwise="Komentar dikembalikan ke antrean. Tidak ada lagi yang baru.")


def go_on(view: View, *, otherwise: str) -> ResponseReturnValue:
    """Open the next comment: one that is held already, else new ones that were not skipped."""
    waiting = _held() or _claim(view, skipped=False)
    if waiting:
        return open_item(waiting[0], view)
    flash(otherwise, "info")
    return open_list(view)


def open_item(item_id: UUID, view: View) -> ResponseReturnValue:
    """Send a person to the page of a comment."""
    return redirect(url_for("review.show_item", item_id=item_id, **view.to_query()), 303)


def open_list(view: View) -> ResponseReturnValue:
    """Send a person to the list, at the page they came from."""
    cursor = request.args.get("cursor")
    return redirect(url_for("review.show_queue", cursor=cursor, **view.to_query()), 303)


def lease() -> timedelta:
    """Return how long a person holds what they take."""
    return timedelta(seconds=runtime().settings.console_lease_s)


def _held() -> list[UUID]:
    service = runtime()
    with service.database.reading() as tx:
        held = shift.list_held(tx, current_username(), now=service.clock())
    return [one.item.id for one in held if one.item]


def _claim(view: View, *, skipped: bool) -> list[UUID]:
    service, me = runtime(), current_username()
    with service.database.writing() as tx:
        now = service.clock()
        room = MOST_HELD - len(shift.list_held(tx, me, now=now))
        if room < 1:
            return []
        claimed = review.claim(
            tx,
            view.to_filter(tx, now),
            moderator=me,
            count=min(BATCH, room),
            lease=lease(),
            now=now,
            skipped=skipped,
        )
    return [one.item.id for one in claimed if one.item]
