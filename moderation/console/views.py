"""The queue, and one comment of it at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from moderation.console.auth import current_reach, current_username
from moderation.console.forms import DecisionForm, HoldForm
from moderation.console.marking import mark
from moderation.console.wording import DECISION_NAMES
from moderation.domain.decision import Decision, Source
from moderation.domain.queue import holds
from moderation.domain.verdict import Label
from moderation.errors import StaleItemError
from moderation.runtime import Runtime, runtime
from moderation.services import review, waiting
from moderation.services.records import Record
from moderation.services.review import Hold
from moderation.storage import queue, sites, users
from moderation.storage.queue import Filter, Order, QueueItem

PAGE_SIZE = 25

blueprint = APIBlueprint(
    "review",
    __name__,
    url_prefix="/console",
    template_folder="templates",
    enable_openapi=False,
)
blueprint.add_app_template_global(mark, "mark")


@blueprint.before_request
@login_required
def _require_login() -> None:
    """Let nobody past who has not logged in."""


@blueprint.before_request
def _require_reach() -> None:
    """Hide an item outside the sites and sections the person works on."""
    item_id = (request.view_args or {}).get("item_id")
    if item_id is None:
        return
    with runtime().database.reading() as tx:
        item = queue.find(tx, item_id)
        if item is None or not current_reach(tx).covers(item.site_id, item.section):
            abort(404)


@dataclass(frozen=True, slots=True)
class View:
    """Which part of the queue a person works on; it travels in the query of every link."""

    site: str = ""
    section: str = ""
    label: str = ""
    order: str = Order.PRIORITY.value

    @classmethod
    def asked(cls) -> "View":
        """Read the view from the request; what makes no sense counts as absent."""
        args = request.args
        label, order = args.get("label", ""), args.get("order", "")
        return cls(
            args.get("site", ""),
            args.get("section", ""),
            label if label in set(Label) else "",
            order if order in set(Order) else Order.PRIORITY.value,
        )

    def to_query(self) -> dict[str, Any]:
        """Return the parts that say something, for ``url_for``."""
        parts = {"site": self.site, "section": self.section, "label": self.label}
        if self.order != Order.PRIORITY.value:
            parts["order"] = self.order
        return {name: value for name, value in parts.items() if value}

    def to_filter(self, tx: Any) -> Filter:
        """Return what the storage looks for; an unknown site holds nothing."""
        site = sites.find_site(tx, self.site) if self.site else None
        site_id = site.id if site else (-1 if self.site else None)
        label = Label(self.label) if self.label else None
        return Filter(site_id, self.section or None, label, current_reach(tx))


@blueprint.get("")
@blueprint.get("/")
def show_start() -> ResponseReturnValue:
    """Begin at the queue."""
    return redirect(url_for("review.show_queue"))


@blueprint.get("/queue")
def show_queue() -> ResponseReturnValue:
    """List the waiting comments."""
    service, view = runtime(), View.asked()
    with service.database.reading() as tx:
        which = view.to_filter(tx)
        page = waiting.list_page(
            tx,
            which,
            order=Order(view.order),
            cursor=request.args.get("cursor"),
            limit=PAGE_SIZE,
        )
        count = queue.count_open(tx, which)
        choices = {
            "sites": [site.name for site in sites.list_sites(tx)],
            "sections": queue.list_sections(tx),
        }
        names = users.display_names(tx)
    return render_template(
        "console/queue.html",
        page=page,
        count=count,
        view=view,
        choices=choices,
        names=names,
        now=service.clock(),
        hold_form=HoldForm(formdata=None),
    )


@blueprint.post("/next")
def claim_next() -> ResponseReturnValue:
    """Take the most urgent comment that nobody holds, and open it."""
    view = View.asked()
    item_id = _claim_next(runtime(), view)
    if item_id is None:
        flash("Tidak ada komentar lain yang menunggu. Terima kasih!", "info")
        return redirect(url_for("review.show_queue", **view.to_query()))
    return _open(item_id, view)


@blueprint.get("/items/<uuid:item_id>")
def show_item(item_id: UUID) -> ResponseReturnValue:
    """Show one comment with everything that helps to decide."""
    service = runtime()
    with service.database.reading() as tx:
        record = review.find_item(tx, item_id, site_id=None)
    form = DecisionForm(formdata=None)
    return _render_item(service, record, form)


@blueprint.post("/items/<uuid:item_id>/claim")
def claim_item(item_id: UUID) -> ResponseReturnValue:
    """Take one chosen comment."""
    service = runtime()
    try:
        with service.database.writing() as tx:
            review.claim_one(
                tx,
                item_id,
                moderator=current_username(),
                lease=_lease(service),
                now=service.clock(),
            )
    except StaleItemError:
        flash("Komentar itu baru saja diambil atau diputuskan orang lain.", "error")
    return _open(item_id, View.asked())


@blueprint.post("/items/<uuid:item_id>/renew")
def renew_item(item_id: UUID) -> ResponseReturnValue:
    """Hold a comment longer, while its page is looked at."""
    service, form = runtime(), HoldForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        with service.database.writing() as tx:
            record = review.renew(
                tx,
                item_id,
                Hold(form.version.data, current_username()),
                site_id=None,
                lease=_lease(service),
                now=service.clock(),
            )
    except StaleItemError:
        return jsonify(held=False), 409
    return jsonify(held=True, seconds=_seconds_left(record, service))


@blueprint.post("/items/<uuid:item_id>/skip")
def skip_item(item_id: UUID) -> ResponseReturnValue:
    """Leave a comment to others and open the next one."""
    service, form, view = runtime(), HoldForm(), View.asked()
    if not form.validate_on_submit():
        abort(400)
    # The next one is taken first, so that the skipped one is not it.
    next_id = _claim_next(service, view)
    try:
        with service.database.writing() as tx:
            review.release(
                tx,
                item_id,
                Hold(form.version.data, current_username()),
                site_id=None,
                now=service.clock(),
            )
    except StaleItemError:
        flash("Masa pegang komentar itu sudah habis; tidak ada yang hilang.", "info")
    if next_id is None:
        flash("Komentar dikembalikan ke antrean. Tidak ada komentar lain yang bebas.", "info")
        return redirect(url_for("review.show_queue", **view.to_query()))
    return _open(next_id, view)


@blueprint.post("/items/<uuid:item_id>/decision")
def decide_item(item_id: UUID) -> ResponseReturnValue:
    """Decide a held comment and open the next one; a stale one is shown beside the draft."""
    service, form = runtime(), DecisionForm()
    if not form.validate_on_submit():
        return _show_again(service, item_id, form), 422
    decision = Decision(form.decision.data)
    labels = [Label(name) for name in form.labels.data] if decision is Decision.REJECT else []
    try:
        with service.database.writing() as tx:
            review.decide(
                tx,
                item_id,
                Hold(form.version.data, current_username()),
                site_id=None,
                decision=decision,
                labels=labels,
                note=(form.note.data or "").strip(),
                source=Source.CONSOLE,
                now=service.clock(),
            )
    except StaleItemError:
        return _show_again(service, item_id, form, draft_is_stale=True), 409
    flash(f"Komentar {DECISION_NAMES[decision]}.", decision.value)
    return claim_next()


@blueprint.get("/<path:_rest>")
def miss(_rest: str) -> ResponseReturnValue:
    """Answer an unknown address with a page rather than with the API's JSON."""
    abort(404)


def _claim_next(service: Runtime, view: View) -> UUID | None:
    with service.database.writing() as tx:
        claimed = review.claim(
            tx,
            view.to_filter(tx),
            moderator=current_username(),
            count=1,
            lease=_lease(service),
            now=service.clock(),
        )
    return claimed[0].item.id if claimed and claimed[0].item else None


def _open(item_id: UUID, view: View) -> ResponseReturnValue:
    return redirect(url_for("review.show_item", item_id=item_id, **view.to_query()), 303)


def _show_again(
    service: Runtime, item_id: UUID, form: DecisionForm, *, draft_is_stale: bool = False
) -> str:
    with service.database.reading() as tx:
        record = review.find_item(tx, item_id, site_id=None)
    return _render_item(service, record, form, draft_is_stale=draft_is_stale)


def _render_item(
    service: Runtime, record: Record, form: DecisionForm, *, draft_is_stale: bool = False
) -> str:
    item, now = record.item, service.clock()
    held = item is not None and item.closed_at is None and _is_held(item, now)
    with service.database.reading() as tx:
        names = users.display_names(tx)
    return render_template(
        "console/item.html",
        record=record,
        form=form,
        view=View.asked(),
        mine=held and item is not None and item.holder == current_username(),
        held=held,
        draft_is_stale=draft_is_stale,
        bands=service.scorer.policy.bands,
        names=names,
        now=now,
        seconds_left=_seconds_left(record, service),
    )


def _is_held(item: QueueItem, now: datetime) -> bool:
    return holds(item.holder, item.lease_until, now=now)


def _seconds_left(record: Record, service: Runtime) -> int:
    if record.item is None or record.item.lease_until is None:
        return 0
    return max(0, int((record.item.lease_until - service.clock()).total_seconds()))


def _lease(service: Runtime) -> timedelta:
    return timedelta(seconds=service.settings.console_lease_s)
