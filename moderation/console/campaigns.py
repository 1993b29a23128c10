"""The campaigns page: one row a campaign, one decision for all of its members."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from apiflask import APIBlueprint
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from moderation.console.auth import current_username, own_sites
from moderation.console.desk.charts import BarChart, stack
from moderation.console.differing import Stretch, differences
from moderation.console.languages import say
from moderation.console.wording import DECISION_NAMES, clock_time
from moderation.domain.decision import Decision, Source
from moderation.domain.overview import HOUR
from moderation.domain.verdict import Label
from moderation.runtime import runtime
from moderation.services import campaigns
from moderation.storage import campaign_members, campaign_work, users
from moderation.storage.campaign_members import Portrait
from moderation.storage.campaign_work import Work
from moderation.storage.campaigns import Campaign, CampaignSize
from moderation.storage.sites import Site

WINDOW = timedelta(hours=48)
LASTING = (1, 7, 14, 30, 90)
USUAL_DAYS = 14
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


@dataclass(frozen=True, slots=True)
class Row:
    """What one campaign's row shows."""

    campaign: Campaign
    size: CampaignSize
    decision: Decision | None
    portrait: Portrait
    variants: list[tuple[int, list[Stretch]]]
    chart: BarChart
    work: Work | None


@blueprint.get("")
def show() -> ResponseReturnValue:
    """List the campaigns of the last two days, the largest first."""
    service, now = runtime(), runtime().clock()
    with service.database.reading() as tx:
        every = own_sites(tx)
        site = _chosen(every)
        rows = _list_rows(tx, site, now) if site else []
        names = users.display_names(tx)
    return render_template(
        "console/campaigns.html",
        rows=rows,
        sites=[one.name for one in every],
        site=site,
        names=names,
        lasting=LASTING,
        usual=USUAL_DAYS,
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
                labels=[_asked_label()] if decision is Decision.REJECT else [],
                by=current_username(),
                source=Source.CONSOLE,
                now=service.clock(),
                lasts=timedelta(days=_asked_days()),
            )
            told = say(
                "Kampanye {decision}, beserta {count} komentar.",
                decision=say(DECISION_NAMES[decision]),
                count=progress.members,
            )
    if progress.more:
        told += " " + say("Selebihnya menyusul dalam beberapa menit.")
    flash(told, "info")
    return redirect(url_for("campaign_pages.show", site=site.name), 303)


def _list_rows(tx: sa.Connection, site: Site, now: datetime) -> list[Row]:
    found = campaigns.list_campaigns(tx, site.id, window=WINDOW, now=now, limit=PAGE_SIZE)
    ids = [campaign.id for campaign, _ in found]
    portraits = campaign_members.portray(tx, ids, since=now - WINDOW)
    work = campaign_work.find_all(tx, ids)
    return [
        Row(
            campaign,
            size,
            campaign.decided(now),
            portraits[campaign.id],
            _marked(portraits[campaign.id]),
            _chart(campaign, portraits[campaign.id], now),
            work.get(campaign.id),
        )
        for campaign, size in found
    ]


def _marked(portrait: Portrait) -> list[tuple[int, list[Stretch]]]:
    """Return each variant with what differs from the commonest, which comes first."""
    variants = portrait.variants
    return [(one.members, differences(variants[0].name, one.name)) for one in variants]


def _chart(campaign: Campaign, portrait: Portrait, now: datetime) -> BarChart:
    first = (now - WINDOW).replace(minute=0, second=0, microsecond=0)
    hours = [first + timedelta(hours=at) for at in range(int(WINDOW / HOUR) + 1)]
    return stack(
        f"tumbuh-{campaign.id}",
        "Salinan per jam",
        say("Salinan per jam selama 48 jam terakhir"),
        [("review", "Salinan per jam")],
        [(clock_time(hour), {"review": portrait.by_hour.get(hour, 0)}) for hour in hours],
        ticks=6,
    )


def _asked_days() -> int:
    days = request.form.get("days", USUAL_DAYS, type=int)
    return days if days in LASTING else abort(400)


def _asked_label() -> Label:
    name = request.form.get("label", Label.SPAM.value)
    return Label(name) if name in set(Label) else abort(400)


def _chosen(every: list[Site]) -> Site | None:
    name = request.args.get("site", "")
    return next((one for one in every if one.name == name), every[0] if every else None)
