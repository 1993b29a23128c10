"""The search page: every stored comment by its words, decided or not."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from moderation.console.auth import current_reach
from moderation.console.desk.asking import asked_site, sites_within
from moderation.console.filtering import LONGEST_SEARCH
from moderation.console.views import blueprint
from moderation.domain.verdict import Verdict
from moderation.runtime import runtime
from moderation.services import searching
from moderation.services.searching import Sought
from moderation.storage import users

PAGE_SIZE = 25
STANDING_NAMES: dict[str, str] = {
    Verdict.REVIEW.value: "menunggu",
    Verdict.APPROVE.value: "terbit",
    Verdict.REJECT.value: "ditolak",
}


@blueprint.get("/search")
def show_search() -> ResponseReturnValue:
    """Show the newest comments that hold the words asked for."""
    service = runtime()
    text = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    standing = request.args.get("standing", "")
    standing = standing if standing in STANDING_NAMES else ""
    with service.database.reading() as tx:
        reach = current_reach(tx)
        choices = sites_within(tx, reach)
        site = asked_site(choices, request.args.get("site", ""))
        sought = Sought(
            text,
            site_id=site.id if site else None,
            standing=Verdict(standing) if standing else None,
            reach=reach,
        )
        before = request.args.get("before", type=UUID)
        found = searching.find(tx, sought, before=before, limit=PAGE_SIZE) if text else None
        names = users.display_names(tx)
    query = {"q": text, "standing": standing, "site": site.name if site else ""}
    return render_template(
        "console/search.html",
        found=found,
        query={name: value for name, value in query.items() if value},
        text=text,
        standing=standing,
        site=site,
        sites=choices,
        names=names,
        STANDING_NAMES=STANDING_NAMES,
        now=service.clock(),
    )
