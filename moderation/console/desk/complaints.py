"""Complaints, takedown orders and appeals: what is due next, whose it is, and how it ended."""

from typing import Any

import sqlalchemy as sa
from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Length, ValidationError

from moderation.console.auth import current_username, own_sites
from moderation.console.desk.access import EDITORS, blueprint, page
from moderation.console.desk.asking import Days, asked_site
from moderation.console.wording import LABEL_NAMES
from moderation.domain.complaint import ComplaintKind, Resolution
from moderation.domain.decision import LONGEST_NOTE
from moderation.domain.verdict import Label
from moderation.errors import ForbiddenError, InvalidError
from moderation.runtime import runtime
from moderation.services import complaints
from moderation.storage import complaints as stored
from moderation.storage import queue, users
from moderation.storage.complaints import Complaint
from moderation.storage.sites import Site

MOST_SHOWN = 200
KIND_NAMES: dict[ComplaintKind, str] = {
    ComplaintKind.COMPLAINT: "Pengaduan",
    ComplaintKind.TAKEDOWN: "Perintah takedown",
    ComplaintKind.APPEAL: "Banding",
}
RESOLUTION_NAMES: dict[Resolution, str] = {
    Resolution.REMOVED: "Turunkan komentar",
    Resolution.RESTORED: "Pulihkan komentar",
    Resolution.KEPT: "Biarkan seperti adanya",
}
ENDED_NAMES: dict[Resolution, str] = {
    Resolution.REMOVED: "komentar diturunkan",
    Resolution.RESTORED: "komentar dipulihkan",
    Resolution.KEPT: "dibiarkan seperti adanya",
}


class ActForm(FlaskForm):
    """An act that needs nothing but its token."""


class ResolutionForm(FlaskForm):
    """How a complaint ends; a removal names its reasons."""

    resolution = SelectField(
        "Keputusan",
        choices=[SelectChoice(one.value, name) for one, name in RESOLUTION_NAMES.items()],
    )
    labels = SelectMultipleField(
        "Alasan menurunkan",
        choices=[SelectChoice(label.value, name) for label, name in LABEL_NAMES.items()],
    )
    note = TextAreaField("Jawaban dan catatan", [Length(max=LONGEST_NOTE)])

    def validate_labels(self, field: SelectMultipleField) -> None:
        """Refuse a removal without a reason."""
        if self.resolution.data == Resolution.REMOVED.value and not field.data:
            raise ValidationError("Pilih paling sedikit satu alasan untuk menurunkan.")


@blueprint.app_template_global("overdue_complaints")
def count_overdue() -> int:
    """Return how many clocks of the present person's sites have run out, read once a request."""
    if not current_user.is_authenticated:
        return 0
    if "overdue_complaints" not in g:
        service = runtime()
        with service.database.reading() as tx:
            ids = [site.id for site in own_sites(tx)]
            g.overdue_complaints = stored.count_overdue(tx, ids, now=service.clock())
    found: int = g.overdue_complaints
    return found


@page("/complaints", EDITORS)
def show_complaints() -> ResponseReturnValue:
    """List what is open, the most pressing first, or what was resolved last; or give a file."""
    service = runtime()
    resolved = request.args.get("state") == "resolved"
    days = Days.asked(service.clock(), usual=30)
    with service.database.reading() as tx:
        choices = own_sites(tx)
        site = asked_site(choices, request.args.get("site", ""))
        ids = [one.id for one in ([site] if site else choices)]
        if request.args.get("format") == "csv":
            return _as_file(tx, ids, days)
        found = stored.list_of_sites(tx, ids, resolved=resolved, limit=MOST_SHOWN)
        names = users.display_names(tx)
    return render_template(
        "console/desk/complaints.html",
        found=found,
        resolved=resolved,
        days=days,
        site=site,
        choices=choices,
        site_names={one.id: one.name for one in choices},
        names=names,
        **_context(),
    )


@page("/complaints/<ticket>", EDITORS)
def show_complaint(ticket: str) -> ResponseReturnValue:
    """Show one complaint with the comment as it was, and the answer to give."""
    return _render(ticket, ResolutionForm(formdata=None))


@page("/complaints/<ticket>/print", EDITORS)
def print_complaint(ticket: str) -> ResponseReturnValue:
    """Show a complaint as a sheet of paper for the legal desk."""
    with runtime().database.reading() as tx:
        complaint, site = _find(tx, ticket)
        names = users.display_names(tx)
    return render_template(
        "console/desk/complaint_print.html",
        complaint=complaint,
        site=site,
        names=names,
        **_context(),
    )


@page("/complaints/<ticket>/owner", EDITORS, method="POST")
def own_complaint(ticket: str) -> ResponseReturnValue:
    """Look after a complaint, or leave it to others."""
    service = runtime()
    if not ActForm().validate_on_submit():
        abort(400)
    mine = request.form.get("take") == "1"
    try:
        with service.database.writing() as tx:
            complaint, site = _find(tx, ticket)
            complaints.assign(
                tx,
                site.id,
                complaint.ticket,
                current_username() if mine else None,
                by=current_username(),
                now=service.clock(),
            )
    except ForbiddenError:
        flash("Banding diputuskan orang lain daripada yang memutuskan pertama kali.", "error")
        return _render(ticket, ResolutionForm(formdata=None)), 403
    flash("Pengaduan ini Anda tangani." if mine else "Pengaduan ini dilepas.", "info")
    return redirect(url_for("desk.show_complaint", ticket=complaint.ticket), 303)


@page("/complaints/<ticket>/resolution", EDITORS, method="POST")
def resolve_complaint(ticket: str) -> ResponseReturnValue:
    """Answer a complaint; removing or restoring decides the comment as well."""
    service, form = runtime(), ResolutionForm()
    if not form.validate_on_submit():
        return _render(ticket, form), 422
    try:
        with service.database.writing() as tx:
            complaint, site = _find(tx, ticket)
            complaints.resolve(
                tx,
                site.id,
                complaint.ticket,
                Resolution(form.resolution.data),
                labels=tuple(Label(name) for name in form.labels.data or ()),
                by=current_username(),
                note=(form.note.data or "").strip(),
                now=service.clock(),
            )
    except ForbiddenError:
        flash("Banding diputuskan orang lain daripada yang memutuskan pertama kali.", "error")
        return _render(ticket, form), 403
    except InvalidError:
        flash("Pengaduan ini sudah selesai.", "error")
        return _render(ticket, form), 409
    flash("Pengaduan selesai.", "info")
    return redirect(url_for("desk.show_complaint", ticket=complaint.ticket), 303)


def _render(ticket: str, form: ResolutionForm) -> str:
    with runtime().database.reading() as tx:
        complaint, site = _find(tx, ticket)
        item = queue.find_by_comment(tx, complaint.comment_pk) if complaint.comment_pk else None
        names = users.display_names(tx)
    return render_template(
        "console/desk/complaint.html",
        complaint=complaint,
        site=site,
        item=item,
        names=names,
        form=form,
        **_context(),
    )


def _context() -> dict[str, Any]:
    return {
        "KIND_NAMES": KIND_NAMES,
        "ENDED_NAMES": ENDED_NAMES,
        "now": runtime().clock(),
    }


def _find(tx: sa.Connection, ticket: str) -> tuple[Complaint, Site]:
    """Return a complaint within reach, with its site."""
    complaint = stored.find_by_ticket(tx, ticket.strip().upper())
    site = next((one for one in own_sites(tx) if complaint and one.id == complaint.site_id), None)
    if complaint is None or site is None:
        abort(404)
    return complaint, site


def _as_file(tx: sa.Connection, ids: list[int], days: Days) -> Response:
    period = days.to_period()
    received = (
        complaint
        for site_id in ids
        for complaint in stored.list_received(tx, site_id, since=period.start, until=period.end)
    )
    answer = Response("\ufeff" + complaints.to_csv(received), mimetype="text/csv")
    name = f"pengaduan-{days.first}-{days.last}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
