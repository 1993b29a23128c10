"""One comment at a time, with everything that helps to decide."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from moderation.console.auth import current_username
from moderation.console.filtering import View
from moderation.console.forms import DecisionForm
from moderation.console.personal import saved_replies
from moderation.console.views import blueprint
from moderation.domain.queue import holds
from moderation.runtime import runtime
from moderation.services import background, policies, review, shift
from moderation.services.records import Record
from moderation.storage import policies as stored_policies
from moderation.storage import users
from moderation.storage.policies import Bands


@blueprint.get("/items/<uuid:item_id>")
def show_item(item_id: UUID) -> ResponseReturnValue:
    """Show one comment."""
    return render_item(item_id, DecisionForm(formdata=None))


def render_item(item_id: UUID, form: DecisionForm, *, draft_is_stale: bool = False) -> str:
    """Return the page of a comment; a stale draft is shown beside what happened meanwhile."""
    service, now, me = runtime(), runtime().clock(), current_username()
    with service.database.reading() as tx:
        record = review.find_item(tx, item_id, site_id=None)
        mine = shift.list_held(tx, me, now=now)
        context = {
            "names": users.display_names(tx),
            "history": background.find_history(tx, record.comment),
            "alike": background.find_alike(tx, record.item) if record.item else [],
            "replies": saved_replies(tx, me),
        }
    item = record.item
    held = item is not None and item.closed_at is None
    held = held and item is not None and holds(item.holder, item.lease_until, now=now)
    at = next((place for place, one in enumerate(mine) if one.item == item), None)
    return render_template(
        "console/item.html",
        record=record,
        form=form,
        view=View.asked(),
        mine=mine,
        at=at,
        held=held,
        draft_is_stale=draft_is_stale,
        bands=_bands(record),
        now=now,
        lease_s=service.settings.console_lease_s,
        **context,
    )


def _bands(record: Record) -> Bands:
    """Return the thresholds that hold now where the comment stands."""
    service, comment = runtime(), record.comment
    with service.database.reading() as tx:
        newest = stored_policies.newest_by_section(tx, comment.site_id)
    return policies.choose(newest, comment.article.section, service.scorer).policy.bands
