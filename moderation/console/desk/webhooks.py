"""Webhooks: where sites' events are sent, what became of them, and sending them again."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from moderation.console.desk.access import ADMINS, current_person, page
from moderation.console.languages import say
from moderation.domain.delivery import State
from moderation.runtime import runtime
from moderation.services import webhooks as service
from moderation.storage import audit, outbox, sites, webhooks

MOST_SHOWN = 100
STATE_NAMES: dict[State, str] = {
    State.PENDING: "menunggu",
    State.DELIVERED: "terkirim",
    State.FAILED: "gagal",
    State.CANCELLED: "dibatalkan",
}


@page("/webhooks", ADMINS)
def show_webhooks() -> ResponseReturnValue:
    """List the endpoints and the last attempts."""
    endpoint_id = request.args.get("address", type=int)
    with runtime().database.reading() as tx:
        return render_template(
            "console/desk/webhooks.html",
            endpoints=webhooks.list_all(tx),
            counts=outbox.count_by_state(tx),
            attempts=outbox.list_attempts(tx, endpoint_id=endpoint_id, limit=MOST_SHOWN),
            sites={site.id: site.name for site in sites.list_sites(tx)},
            STATE_NAMES=STATE_NAMES,
        )


@page("/webhooks/<int:endpoint_id>/replay", ADMINS, method="POST")
def replay_webhook(endpoint_id: int) -> ResponseReturnValue:
    """Enable an endpoint and send again what was not delivered."""
    parts = runtime()
    now = parts.clock()
    with parts.database.writing() as tx:
        endpoint = webhooks.find(tx, endpoint_id)
        if endpoint is None:
            abort(404)
        count = service.replay(tx, endpoint_id, event_id=None, now=now)
        audit.record(
            tx,
            at=now,
            actor=current_person().username,
            act="webhook.replay",
            subject=str(endpoint_id),
            site_id=endpoint.site_id,
        )
    flash(say("Alamat diaktifkan; {count} kiriman menunggu.", count=count), "info")
    return redirect(url_for("desk.show_webhooks"), 303)
