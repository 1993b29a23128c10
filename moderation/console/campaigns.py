"""The campaigns page: one row a campaign, one decision for all of its members."""

from datetime import timedelta
from uuid import UUID

from apiflask import APIBlueprint
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from moderation.console.auth import current_username, own_sites
from moderation.console.languages import say
from moderation.console.wording import DECISION_NAMES
from moderation.domain.decision import Decision, Source
from moderation.domain.verdict import Label
from moderation.runtime import runtime
from moderation.services import campaigns
from moderation.storage.sites import Site

WINDOW = timedelta(hours=48)
LASTS = timedelta(days=14)
PAGE_SIZE = 50

blueprint = APIBlueprint(
    "campaign_pages",
    __name__,
    url_prefix="/console/campaigns",
    template_folder="templates",
    enable_openapi=False,
)


@blueprint.before_request
@login_required
def _require_login() -> None:
    """Let nobody past who has not logged in."""


@blueprint.get("")
def show() -> ResponseReturnValue:
    """List the campaigns of the last two days, the largest first."""
    service, now = runtime(), runtime().clock()
    with service.database.reading() as tx:
        every = own_sites(tx)
        site = _chosen(every)
        found = (
            campaigns.list_campaigns(tx, site.id, window=WINDOW, now=now, limit=PAGE_SIZE)
            if site
            else []
        )
    return render_template(
        "console/campaigns.html",
        found=[(campaign, size, campaign.decided(now)) for campaign, size in found],
        sites=[one.name for one in every],
        site=site,
    )


@blueprint.post("/<uuid:campaign>/<any(approve, reject, undo):act>")
def change(campaign: UUID, act: str) -> ResponseReturnValue:
    """Decide a campaign, or take its decision back."""
    service = runtime()
    with service.database.writing() as tx:
        site = _chosen(own_sites(tx))
        if site is None:
            abort(404)
        if act == "undo":
            progress = campaigns.undo(
                tx, site.id, campaign, by=current_username(), now=service.clock()
            )
            told = say(
                "Keputusan dibatalkan; {count} komentar menunggu lagi.", count=progress.members
            )
        else:
            decision = Decision(act)
            progress = campaigns.decide(
                tx,
                site.id,
                campaign,
                decision,
                labels=[Label.SPAM] if decision is Decision.REJECT else [],
                by=current_username(),
                source=Source.CONSOLE,
                now=service.clock(),
                lasts=LASTS,
            )
            told = say(
                "Kampanye {decision}, beserta {count} komentar.",
                decision=say(DECISION_NAMES[decision]),
                count=progress.members,
            )
    flash(told, "info")
    return redirect(url_for("campaign_pages.show", site=site.name), 303)


def _chosen(every: list[Site]) -> Site | None:
    name = request.args.get("site", "")
    return next((one for one in every if one.name == name), every[0] if every else None)
