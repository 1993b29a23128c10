"""The list of waiting comments."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from moderation.console.auth import current_username
from moderation.console.filtering import AGES, LANGUAGES, SCORES, View
from moderation.console.views import blueprint, read_preferences
from moderation.runtime import runtime
from moderation.services import waiting
from moderation.storage import queue, shift, sites, users
from moderation.storage.queue import Order

PAGE_SIZE = 25


@blueprint.get("/queue")
def show_queue() -> ResponseReturnValue:
    """List the waiting comments."""
    service, view, now = runtime(), View.asked(), runtime().clock()
    saved = View.read(read_preferences().get("view", {}))
    with service.database.reading() as tx:
        which = view.to_filter(tx, now)
        page = waiting.list_page(
            tx,
            which,
            order=Order(view.order),
            cursor=request.args.get("cursor"),
            limit=PAGE_SIZE,
        )
        return render_template(
            "console/queue.html",
            page=page,
            count=queue.count_open(tx, which, most=queue.MOST_COUNTED + 1),
            view=view,
            saved=saved,
            choices={
                "sites": [site.name for site in sites.list_sites(tx)],
                "sections": queue.list_sections(tx),
                "ages": list(AGES),
                "scores": SCORES,
                "languages": LANGUAGES,
            },
            names=users.display_names(tx),
            held=shift.count_held(tx, now=now),
            skipped=shift.find_skipped(
                tx, current_username(), [one.item.id for one in page.records if one.item]
            ),
            now=now,
        )
