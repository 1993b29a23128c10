"""The dial: how strict the machine is, in an editor's words, for a site or a section."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import FloatField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from moderation.console.auth import current_reach, current_username
from moderation.console.desk.access import EDITORS, page
from moderation.console.desk.asking import asked_site, sites_within
from moderation.console.languages import say
from moderation.domain.policy import Band
from moderation.domain.verdict import LABELS, Label
from moderation.errors import InvalidError
from moderation.runtime import Runtime, runtime
from moderation.services import forecasting
from moderation.services import policies as service_policies
from moderation.services.policies import DIAL, HANDED_BACK, LONGEST_NOTE
from moderation.storage import policies, scored, users
from moderation.storage.policies import Bands, NewPolicy
from moderation.storage.sites import Site

STRICTEST, LOOSEST, USUAL = 1, 100, 5
SHOWN_VERSIONS = 20


class _PolicyForm(FlaskForm):
    """What the page showed and the editor agreed to; the bands are checked again."""

    allowed = IntegerField(validators=[InputRequired(), NumberRange(STRICTEST, LOOSEST)])
    note = StringField(validators=[Optional(), Length(max=LONGEST_NOTE)])


for _label in LABELS:
    setattr(_PolicyForm, f"review_{_label}", FloatField(validators=[InputRequired()]))
    setattr(_PolicyForm, f"reject_{_label}", FloatField(validators=[Optional()]))


@dataclass(frozen=True, slots=True)
class Place:
    """The site and section a page is about, both within the person's reach."""

    site: Site
    section: str

    def to_query(self) -> dict[str, Any]:
        """Return them for ``url_for``."""
        return {"site": self.site.name, "section": self.section}


@page("/policies", EDITORS)
def show_policies() -> ResponseReturnValue:
    """Show what holds, its history, and the dial with its forecast."""
    service = runtime()
    allowed = request.args.get("allowed", type=int)
    with service.database.reading() as tx:
        choices = sites_within(tx, current_reach(tx))
        if not choices:
            return render_template("console/desk/policies_none.html")
        place = _asked_place(tx)
        effective = service_policies.find_effective(tx, place.site, place.section, service.scorer)
        preview = None
        if allowed is not None:
            preview = forecasting.preview(
                tx,
                place.site,
                place.section,
                service.scorer,
                effective.policy,
                allowed=min(max(allowed, STRICTEST), LOOSEST),
                now=service.clock(),
            )
        versions = policies.list_versions(tx, place.site.id, place.section, limit=SHOWN_VERSIONS)
        sections = scored.list_sections(tx, place.site.id, among=forecasting.LATEST)
        names = users.display_names(tx)
    return render_template(
        "console/desk/policies.html",
        place=place,
        choices=choices,
        sections=sections,
        effective=effective,
        preview=preview,
        versions=versions,
        names=names,
        base=service.scorer.policy,
        model_version=service.scorer.version,
        dial={"low": STRICTEST, "high": LOOSEST, "value": _dial_value(allowed, effective.stored)},
        longest_note=LONGEST_NOTE,
    )


@page("/policies", EDITORS, method="POST")
def save_policy() -> ResponseReturnValue:
    """Store what the page showed as the newest version."""
    service, form = runtime(), _PolicyForm()
    with service.database.reading() as tx:
        place = _asked_place(tx)
    if not form.validate_on_submit():
        flash("Kebijakan belum tersimpan: angkanya tidak dapat dibaca.", "error")
        return redirect(url_for("desk.show_policies", **place.to_query()), 303)
    try:
        bands = _read_bands(form)
    except ValueError:
        flash("Kebijakan belum tersimpan: batas tinjau harus di bawah batas tolak.", "error")
        return redirect(url_for("desk.show_policies", **place.to_query()), 303)
    return _store(
        service,
        place,
        NewPolicy(
            site_id=place.site.id,
            section=place.section,
            author=current_username(),
            bands=bands,
            model_version=service.scorer.version,
            source=DIAL,
            note=(form.note.data or "").strip(),
            allowed=form.allowed.data,
        ),
    )


@page("/policies/handed-back", EDITORS, method="POST")
def hand_back_policy() -> ResponseReturnValue:
    """Let a section follow its site again, and a site the model."""
    service = runtime()
    with service.database.reading() as tx:
        place = _asked_place(tx)
    return _store(
        service,
        place,
        NewPolicy(
            site_id=place.site.id,
            section=place.section,
            author=current_username(),
            bands=None,
            model_version=service.scorer.version,
            source=HANDED_BACK,
        ),
    )


@page("/policies/<int:policy_id>/restore", EDITORS, method="POST")
def restore_policy(policy_id: int) -> ResponseReturnValue:
    """Go back to an earlier version."""
    service = runtime()
    with service.database.writing() as tx:
        earlier = policies.find(tx, policy_id)
        if earlier is None or not current_reach(tx).covers(earlier.site_id, earlier.section):
            abort(404)
        stored = service_policies.restore(
            tx, policy_id, author=current_username(), now=service.clock()
        )
    _follow(service)
    told = say(
        "Kembali ke {earlier}; kini tersimpan sebagai {version}.",
        earlier=earlier.version,
        version=stored.version,
    )
    flash(told, "info")
    return redirect(
        url_for("desk.show_policies", site=stored.site_name, section=stored.section), 303
    )


def _store(service: Runtime, place: Place, new: NewPolicy) -> ResponseReturnValue:
    try:
        with service.database.writing() as tx:
            stored = service_policies.save(tx, new, now=service.clock())
    except (InvalidError, sa.exc.IntegrityError):
        flash("Kebijakan belum tersimpan: orang lain baru saja menyimpan. Periksa lagi.", "error")
    else:
        _follow(service)
        told = say(
            "Kebijakan {version} tersimpan dan berlaku mulai sekarang.", version=stored.version
        )
        flash(told, "info")
    return redirect(url_for("desk.show_policies", **place.to_query()), 303)


def _follow(service: Runtime) -> None:
    if service.intake.policies is not None:
        service.intake.policies.forget()


def _asked_place(tx: sa.Connection) -> Place:
    """Return the place in the address, the first within reach if there is none."""
    reach = current_reach(tx)
    choices = sites_within(tx, reach)
    site = asked_site(choices, request.args.get("site", "")) or (choices[0] if choices else None)
    if site is None:
        abort(404)
    own = sorted(section for place, section in reach.places if place == site.id)
    section = request.args.get("section") or (own[0] if own else "")
    if not reach.covers(site.id, section):
        abort(404)
    return Place(site, section)


def _dial_value(allowed: int | None, stored: policies.StoredPolicy | None) -> int:
    if allowed is None:
        allowed = stored.allowed if stored is not None else None
    return min(max(allowed or USUAL, STRICTEST), LOOSEST)


def _read_bands(form: _PolicyForm) -> Bands:
    """Return the bands of the form; ``ValueError`` if one makes no sense."""
    return {label: _read_band(form, label) for label in LABELS}


def _read_band(form: _PolicyForm, label: Label) -> Band:
    return Band(form[f"review_{label}"].data, form[f"reject_{label}"].data)
