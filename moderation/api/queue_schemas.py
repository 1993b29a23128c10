"""What goes in and out about the queue and the decisions."""

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from moderation.api.fields import (
    LONGEST_NAME,
    WholeNumber,
    labels_field,
    text_field,
)
from moderation.api.schemas import CommentOut, RulingOut
from moderation.domain.decision import LONGEST_NOTE, Decision
from moderation.domain.queue import LONGEST_LEASE, MOST_CLAIMED, SHORTEST_LEASE
from moderation.domain.verdict import LABELS
from moderation.services.waiting import CURSOR
from moderation.storage.queue import Order

LONGEST_PAGE = 200


class QueueIn(Schema):
    """Which part of the queue to read."""

    site = text_field(LONGEST_NAME)
    section = text_field(LONGEST_NAME)
    label = fields.String(validate=validate.OneOf([str(label) for label in LABELS]))
    order = fields.String(
        load_default=Order.PRIORITY.value, validate=validate.OneOf([str(o) for o in Order])
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, LONGEST_PAGE))
    cursor = text_field(LONGEST_NAME, metadata={"pattern": f"^({CURSOR})?$"})


def _lease(**kwargs: Any) -> WholeNumber:
    shortest, longest = (int(lease.total_seconds()) for lease in (SHORTEST_LEASE, LONGEST_LEASE))
    return WholeNumber(validate=validate.Range(shortest, longest), **kwargs)


class ClaimIn(Schema):
    """Who claims, how many, for how long."""

    moderator = text_field(LONGEST_NAME, shortest=1, required=True)
    count = WholeNumber(load_default=1, validate=validate.Range(1, MOST_CLAIMED))
    lease_s = _lease(load_default=600)
    section = text_field(LONGEST_NAME)
    label = fields.String(validate=validate.OneOf([str(label) for label in LABELS]))


class HoldIn(Schema):
    """What the caller believes of the item; what is given must be true."""

    moderator = text_field(LONGEST_NAME, shortest=1)
    version = fields.Integer(strict=True)


class RenewIn(HoldIn):
    """How much longer to hold an item."""

    lease_s = _lease(load_default=600)


class DecisionIn(HoldIn):
    """A person's decision on an item they hold."""

    decision = fields.String(required=True, validate=validate.OneOf([str(d) for d in Decision]))
    labels = labels_field(load_default=list, metadata={"description": "Required to reject."})
    note = text_field(LONGEST_NOTE, load_default="")
    version = WholeNumber(required=True)


class StoryOut(Schema):
    """The article a comment stands under."""

    id = fields.String(required=True)
    url = fields.String(required=True)
    title = fields.String(required=True)
    section = fields.String(required=True)
    summary = fields.String(required=True)


class WaitingOut(CommentOut):
    """A comment as a moderator needs to see it."""

    text = fields.String(required=True)
    article = fields.Nested(StoryOut, required=True)
    author_name = fields.String(required=True)
    parent_text = fields.String(required=True)
    received_at = fields.String(required=True)


class ItemOut(Schema):
    """A queue item with its comment."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["open", "closed"]))
    priority = fields.Float(
        required=True, metadata={"description": "Higher comes first; it never changes."}
    )
    spot_check = fields.Boolean(
        required=True,
        metadata={"description": "Drawn at random; the verdict stands and nothing is held back."},
    )
    opened_at = fields.String(required=True)
    holder = fields.String(required=True, allow_none=True)
    lease_until = fields.String(required=True, allow_none=True)
    comment = fields.Nested(WaitingOut, required=True)


class ListedItemOut(ItemOut):
    """A queue item in a list.

    A class of its own because APIFlask registers a schema twice that is met both nested and
    as a whole answer.
    """


class ItemsOut(Schema):
    """Queue items, the most urgent first."""

    items = fields.List(fields.Nested(ListedItemOut), required=True)


class QueueOut(ItemsOut):
    """A page of the queue; ``next_cursor`` is null on the last one."""

    next_cursor = fields.String(required=True, allow_none=True)


class DecisionsIn(Schema):
    """Where to go on reading."""

    after = fields.Integer(load_default=0, validate=validate.Range(0, 2**63 - 1))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, LONGEST_PAGE))


class DecidedOut(RulingOut):
    """A decision and the comment it is about."""

    id = fields.String(required=True)
    comment = fields.String(required=True, metadata={"description": "Our id."})
    comment_id = fields.String(required=True)
    revision = fields.Integer(required=True)
    cursor = fields.String(required=True)


class DecisionsOut(Schema):
    """Decisions in the order they were made; poll again with ``after=next_after``."""

    decisions = fields.List(fields.Nested(DecidedOut), required=True)
    next_after = fields.String(required=True)
    more = fields.Boolean(required=True)
