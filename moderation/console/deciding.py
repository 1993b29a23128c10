"""Deciding, taking a decision back, and what happens when two people decide."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import abort, flash
from flask.typing import ResponseReturnValue

from moderation.console.auth import current_username
from moderation.console.filtering import View
from moderation.console.focus import render_item
from moderation.console.forms import DecisionForm, UndoForm
from moderation.console.holding import go_on, lease, open_item, open_list
from moderation.console.resting import note_decided
from moderation.console.views import blueprint
from moderation.console.wording import DECISION_NAMES
from moderation.domain.decision import Decision, Source
from moderation.errors import StaleItemError
from moderation.runtime import runtime
from moderation.services import reversal, review
from moderation.services.records import Record
from moderation.services.review import Hold


@blueprint.post("/items/<uuid:item_id>/decision")
def decide_item(item_id: UUID) -> ResponseReturnValue:
    """Decide a comment and go on; a stale draft is shown beside what happened meanwhile."""
    form = DecisionForm()
    if not form.validate_on_submit():
        return render_item(item_id, form), 422
    try:
        with runtime().database.writing() as tx:
            record = _decide(tx, item_id, form)
    except StaleItemError:
        return render_item(item_id, form, draft_is_stale=True), 409
    return _after(record, form)


@blueprint.post("/items/<uuid:item_id>/overrule")
def overrule_item(item_id: UUID) -> ResponseReturnValue:
    """Put one's own decision in place of one that was seen."""
    service, form = runtime(), DecisionForm()
    if not form.validate_on_submit():
        return render_item(item_id, form), 422
    try:
        with service.database.writing() as tx:
            record = reversal.overrule(
                tx,
                item_id,
                version=form.version.data,
                moderator=current_username(),
                now=service.clock(),
                undo=_undo(),
                **_answer(form),
            )
    except StaleItemError:
        return render_item(item_id, form, draft_is_stale=True), 409
    return _after(record, form)


@blueprint.post("/items/<uuid:item_id>/undo")
def undo_item(item_id: UUID) -> ResponseReturnValue:
    """Take one's own decision back while no site has heard of it."""
    service, form = runtime(), UndoForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        with service.database.writing() as tx:
            reversal.undo(
                tx,
                item_id,
                version=form.version.data,
                moderator=current_username(),
                lease=lease(),
                now=service.clock(),
            )
        flash("Keputusan dibatalkan. Komentar ini kembali menunggu Anda.", "info")
    except StaleItemError:
        flash("Keputusan itu tidak dapat dibatalkan lagi.", "error")
    return open_item(item_id, View.asked())


def _decide(tx: sa.Connection, item_id: UUID, form: DecisionForm) -> Record:
    me, now = current_username(), runtime().clock()
    version = form.version.data
    if form.take.data:
        taken = review.claim_one(tx, item_id, moderator=me, lease=lease(), now=now)
        version = taken.item.version if taken.item else version
    return review.decide(
        tx,
        item_id,
        Hold(version, me),
        site_id=None,
        source=Source.CONSOLE,
        now=now,
        undo=_undo(),
        **_answer(form),
    )


def _answer(form: DecisionForm) -> dict[str, Any]:
    decision, labels = form.ruling()
    return {"decision": decision, "labels": labels, "note": (form.note.data or "").strip()}


def _after(record: Record, form: DecisionForm) -> ResponseReturnValue:
    """Tell what was decided, with the way back, and go on."""
    view = View.asked()
    if record.ruling is None or record.item is None:
        raise ValueError("a decision leaves a ruling on an item")
    note_decided(record.item.labels, runtime().clock())
    _announce(record.item.id, record.item.version, record.ruling.decision)
    if form.back.data:
        return open_list(view)
    return go_on(view, otherwise="Tidak ada komentar baru yang menunggu. Terima kasih!")


def _announce(item_id: UUID, version: int, decision: Decision) -> None:
    """Put a message on the next page, with a button to take the decision back."""
    seconds = runtime().settings.undo_s
    toast: Any = {
        "text": f"Komentar {DECISION_NAMES[decision]}.",
        "item": str(item_id),
        "version": version,
        "seconds": seconds,
    }
    flash(toast, f"decided-{decision}")


def _undo() -> timedelta:
    return timedelta(seconds=runtime().settings.undo_s)
