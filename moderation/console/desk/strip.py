"""The score strip: waiting comments as dots, and a decision on a whole stretch of them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from moderation.console.auth import current_reach, current_username
from moderation.console.desk.access import EDITORS, page
from moderation.console.desk.asking import asked_site, sites_within
from moderation.console.desk.charts import scatter
from moderation.console.languages import say
from moderation.domain.decision import Decision
from moderation.domain.verdict import Label
from moderation.errors import InvalidError, StaleItemError
from moderation.runtime import Runtime, runtime
from moderation.services import batches as service_batches
from moderation.services.batches import MOST_AT_ONCE, Selection
from moderation.storage import batches, comments, strip, users
from moderation.storage.comments import StoredComment
from moderation.storage.sites import Site
from moderation.storage.strip import Dot, Stretch

MOST_DOTS = 3_000
SAMPLE_SIZE = 12
SHOWN_BATCHES = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """The label, the stretch in per cent, and the site that the address names."""

    label: Label
    low: float
    high: float
    site: str

    @classmethod
    def read(cls) -> "Asked":
        """Read the request; what makes no sense counts as absent."""
        label = request.args.get("label", "")
        low, high = _percent("low", 0.0), _percent("high", 100.0)
        return cls(
            Label(label) if label in set(Label) else Label.ABUSE,
            min(low, high),
            max(low, high),
            request.args.get("site", ""),
        )

    def to_query(self) -> dict[str, Any]:
        """Return it for ``url_for``."""
        return {"label": self.label.value, "low": self.low, "high": self.high, "site": self.site}

    def to_stretch(self, tx: sa.Connection, service: Runtime) -> Stretch:
        """Return what the storage looks for."""
        reach = current_reach(tx)
        site = asked_site(sites_within(tx, reach), self.site)
        return Stretch(
            self.label,
            self.low / 100,
            self.high / 100,
            service.scorer.version,
            reach,
            None if site is None else site.id,
        )


@page("/strip", EDITORS)
def show_strip() -> ResponseReturnValue:
    """Draw every waiting comment on a label's score, and sample the stretch chosen."""
    service, asked = runtime(), Asked.read()
    with service.database.reading() as tx:
        stretch = asked.to_stretch(tx, service)
        dots = strip.list_dots(
            tx,
            Stretch(asked.label, 0.0, 1.0, stretch.model_version, stretch.reach, stretch.site_id),
            moderator=current_username(),
            now=service.clock(),
            limit=MOST_DOTS,
        )
        selections = {decision: _select(tx, service, stretch, decision) for decision in Decision}
        sample = _sample(tx, selections[Decision.REJECT].inside)
        made_by = None if stretch.reach.everywhere else current_username()
        latest = batches.list_latest(tx, made_by=made_by, limit=SHOWN_BATCHES)
        names, choices = users.display_names(tx), sites_within(tx, stretch.reach)
    return render_template(
        "console/desk/strip.html",
        asked=asked,
        chart=scatter(
            [(dot.score, "only" if dot.marked and not dot.others else "other") for dot in dots]
        ),
        drawn=len(dots),
        most_dots=MOST_DOTS,
        selections=selections,
        sample=sample,
        batches=latest,
        names=names,
        choices=choices,
        site=_named(choices, asked.site),
        band=service.scorer.policy.bands[asked.label],
        most_at_once=MOST_AT_ONCE,
    )


@page("/strip/confirm", EDITORS)
def confirm_batch() -> ResponseReturnValue:
    """Ask once more, with the exact count."""
    service, asked, decision = runtime(), Asked.read(), _asked_decision(request.args)
    with service.database.reading() as tx:
        selection = _select(tx, service, asked.to_stretch(tx, service), decision)
        sample = _sample(tx, selection.dots)
    if not selection.dots:
        flash("Tidak ada komentar yang dapat diputuskan di rentang itu.", "info")
        return redirect(url_for("desk.show_strip", **asked.to_query()), 303)
    return render_template(
        "console/desk/strip_confirm.html",
        asked=asked,
        decision=decision,
        selection=selection,
        sample=sample,
        most_at_once=MOST_AT_ONCE,
    )


@page("/strip/decide", EDITORS, method="POST")
def decide_batch() -> ResponseReturnValue:
    """Decide the comments that were confirmed, or ask again if they changed."""
    service, asked, decision = runtime(), Asked.read(), _asked_decision(request.form)
    try:
        with service.database.writing() as tx:
            batch = service_batches.decide_all(
                tx,
                asked.to_stretch(tx, service),
                decision,
                seen=request.form.get("seen", ""),
                moderator=current_username(),
                now=service.clock(),
                undo=timedelta(seconds=service.settings.undo_s),
            )
    except StaleItemError:
        flash("Antrean berubah sejak dihitung. Tidak ada yang diputuskan; periksa lagi.", "error")
        query = {**asked.to_query(), "decision": decision.value}
        return redirect(url_for("desk.confirm_batch", **query), 303)
    except InvalidError:
        flash("Tidak ada komentar yang dapat diputuskan di rentang itu.", "info")
        return redirect(url_for("desk.show_strip", **asked.to_query()), 303)
    return redirect(url_for("desk.show_batch", batch_id=batch.id), 303)


@page("/batches/<uuid:batch_id>", EDITORS)
def show_batch(batch_id: UUID) -> ResponseReturnValue:
    """Show what a batch did, with the way back."""
    with runtime().database.reading() as tx:
        batch = _find_own(tx, batch_id)
        names = users.display_names(tx)
    return render_template("console/desk/batch.html", batch=batch, names=names)


@page("/batches/<uuid:batch_id>/undo", EDITORS, method="POST")
def undo_batch(batch_id: UUID) -> ResponseReturnValue:
    """Let all comments of a batch wait again."""
    service = runtime()
    try:
        with service.database.writing() as tx:
            _find_own(tx, batch_id)
            batch, reopened = service_batches.undo(
                tx, batch_id, moderator=current_username(), now=service.clock()
            )
    except StaleItemError:
        flash("Tindakan itu sudah dibatalkan sebelumnya.", "info")
    else:
        told = say(
            "{count} dari {size} komentar kembali ke antrean.", count=reopened, size=batch.size
        )
        flash(told, "info")
    return redirect(url_for("desk.show_batch", batch_id=batch_id), 303)


def _select(tx: sa.Connection, service: Runtime, stretch: Stretch, decision: Decision) -> Selection:
    return service_batches.select(
        tx, stretch, decision, moderator=current_username(), now=service.clock()
    )


def _sample(tx: sa.Connection, dots: tuple[Dot, ...]) -> list[tuple[Dot, StoredComment]]:
    """Return comments spread evenly over the stretch, with their dots."""
    every = max(1, -(-len(dots) // SAMPLE_SIZE))
    chosen = dots[::every]
    found = comments.find_all(tx, [dot.comment_pk for dot in chosen])
    return [(dot, found[dot.comment_pk]) for dot in chosen]


def _find_own(tx: sa.Connection, batch_id: UUID) -> batches.Batch:
    """Return a batch; those of others are for people who see every site."""
    batch = batches.find(tx, batch_id)
    if batch is None or not (batch.made_by == current_username() or current_reach(tx).everywhere):
        abort(404)
    return batch


def _named(choices: list[Site], name: str) -> Site | None:
    return next((one for one in choices if one.name == name), None)


def _percent(name: str, otherwise: float) -> float:
    value = request.args.get(name, type=float)
    if value is None or not 0.0 <= value <= 100.0:
        return otherwise
    return value


def _asked_decision(fields: Any) -> Decision:
    try:
        return Decision(fields.get("decision", ""))
    except ValueError as error:
        raise InvalidError("is no decision", "/decision") from error
