"""What goes in and out; the OpenAPI document is made from these very schemas."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from apiflask import Schema
from marshmallow import ValidationError, fields, post_load, validate

from moderation.domain.comment import (
    LARGEST_REVISION,
    LONGEST_TEXT,
    Author,
    Parent,
    Story,
    Submission,
)
from moderation.domain.decision import LONGEST_NOTE, Decision, Source
from moderation.domain.queue import LONGEST_LEASE, MOST_CLAIMED, SHORTEST_LEASE
from moderation.domain.rules import Effect, RuleKind
from moderation.domain.verdict import LABELS, SpamKind, Verdict
from moderation.storage.queue import Order

MOST_SCORED = 1000
LONGEST_NAME = 500
LONGEST_URL = 4_000
LONGEST_PAGE = 200


class WholeNumber(fields.Integer):
    """An integer as JSON Schema has it: ``7`` and ``7.0``, never ``"7"``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)

    def _validated(self, value: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            return super()._validated(int(value))
        return super()._validated(value)


def _refuse_unstorable(text: str) -> None:
    """Refuse what no database stores: NUL, and halves of surrogate pairs."""
    if "\0" in text:
        raise ValidationError("must not contain NUL characters")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValidationError("must not contain lone surrogates") from error


class Text(fields.String):
    """A string of at most ``longest`` characters; blanks alone only if it ``may_blank``."""

    def __init__(self, longest: int, *, may_blank: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest
        self.may_blank = may_blank


def _text(longest: int, *, shortest: int = 0, **kwargs: Any) -> Text:
    metadata = {"pattern": r"^[^\u0000]*$", **kwargs.pop("metadata", {})}
    return Text(
        longest,
        validate=[validate.Length(min=shortest, max=longest), _refuse_unstorable],
        metadata=metadata,
        **kwargs,
    )


def _refuse_blank(text: str) -> None:
    if not text.strip():
        raise ValidationError("must not be empty")


def _comment_text() -> Text:
    return Text(
        LONGEST_TEXT,
        may_blank=False,
        required=True,
        validate=[validate.Length(max=LONGEST_TEXT), _refuse_blank, _refuse_unstorable],
        metadata={
            "description": "The comment as the reader wrote it.",
            "pattern": r"^[^\u0000]*[^\s\u0000][^\u0000]*$",
        },
    )


def _labels(**kwargs: Any) -> fields.List[str]:
    return fields.List(
        fields.String(validate=validate.OneOf([str(label) for label in LABELS])), **kwargs
    )


class StoryIn(Schema):
    """The article the comment stands under; the classifier reads title, section and summary."""

    id = _text(LONGEST_NAME)
    url = _text(LONGEST_URL)
    title = _text(LONGEST_URL)
    section = _text(LONGEST_NAME)
    summary = _text(LONGEST_TEXT)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Story:
        """Return what the fields describe."""
        return Story(**data)


class AuthorIn(Schema):
    """The writer; e-mail and address are kept only as keyed hashes."""

    id = _text(LONGEST_NAME)
    name = _text(LONGEST_NAME)
    email = _text(LONGEST_NAME)
    url = _text(LONGEST_URL)
    ip = _text(LONGEST_NAME)
    user_agent = _text(LONGEST_URL)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Author:
        """Return what the fields describe."""
        return Author(**data)


class ParentIn(Schema):
    """The comment that is answered."""

    comment_id = _text(LONGEST_NAME)
    text = _text(LONGEST_TEXT)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Parent:
        """Return what the fields describe."""
        return Parent(**data)


class Texts(fields.Nested):
    """An object of nothing but texts, taken whole where each of them is plainly right.

    A submission holds a dozen, and asking every field's validators costs as much as scoring
    the comment does. Whatever is doubtful goes through them, and gets their errors.
    """

    def _deserialize(
        self,
        value: Any,
        attr: str | None,
        data: Mapping[str, Any] | None,
        partial: Any = None,
        **kwargs: Any,
    ) -> Any:
        if (
            isinstance(value, dict)
            and value.keys() >= self._required
            and all(map(self._is_right, value, value.values()))
        ):
            build: Callable[[dict[str, Any]], Any] = self.schema.build  # type: ignore[attr-defined]
            return build(value)
        return super()._deserialize(value, attr, data, partial, **kwargs)

    @cached_property
    def _required(self) -> set[str]:
        return {name for name, field in self.schema.load_fields.items() if field.required}

    def _is_right(self, name: str, text: object) -> bool:
        """Say whether it needs no closer look; printable means no NUL and no lone surrogate."""
        field = self._texts.get(name)
        return (
            field is not None
            and isinstance(text, str)
            and len(text) <= field.longest
            and text.isprintable()
            and (field.may_blank or (not text.isspace() and text != ""))
        )

    @cached_property
    def _texts(self) -> dict[str, Text]:
        every = self.schema.load_fields.items()
        return {name: field for name, field in every if isinstance(field, Text)}


class SubmissionIn(Schema):
    """A reader's comment."""

    comment_id = _text(
        LONGEST_NAME,
        shortest=1,
        required=True,
        metadata={"description": "The site's own id for the comment."},
    )
    text = _comment_text()
    revision = WholeNumber(
        validate=validate.Range(1, LARGEST_REVISION),
        metadata={"description": "Counts up with every edit; 1 if left out."},
    )
    article = Texts(StoryIn)
    author = Texts(AuthorIn)
    parent = Texts(ParentIn)
    submitted_at = fields.AwareDateTime(
        metadata={"description": "When the reader sent it, ISO 8601 with an offset."}
    )

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> Submission:
        return Submission(**data)


class PassageIn(Schema):
    """A text to score, stored nowhere."""

    text = _comment_text()
    article = Texts(StoryIn)
    parent = Texts(ParentIn)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the fields as they are."""
        return data


class ScoreIn(Schema):
    """Texts to score in one call."""

    comments = fields.List(
        Texts(PassageIn), required=True, validate=validate.Length(1, MOST_SCORED)
    )


class SpanOut(Schema):
    """A piece of the text as sent; offsets count Unicode code points, end exclusive."""

    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    text = fields.String(required=True)


class ReasonOut(Schema):
    """A label that reached a threshold."""

    label = fields.String(required=True)
    score = fields.Float(required=True)
    threshold = fields.Float(required=True)
    message = fields.String(required=True, metadata={"description": "In Indonesian."})
    spans = fields.List(fields.Nested(SpanOut), required=True)


class RuleMatchOut(Schema):
    """One of the site's own rules that matched; an observed one changed nothing."""

    rule = fields.String(required=True, metadata={"description": "The rule's name."})
    kind = fields.String(required=True, validate=validate.OneOf([str(k) for k in RuleKind]))
    effect = fields.String(required=True, validate=validate.OneOf([str(e) for e in Effect]))
    version = fields.Integer(required=True)
    observed = fields.Boolean(required=True)
    message = fields.String(required=True, metadata={"description": "In Indonesian."})
    spans = fields.List(fields.Nested(SpanOut), required=True)


ScoresOut = Schema.from_dict({str(label): fields.Float() for label in LABELS}, name="ScoresOut")


class AssessmentOut(Schema):
    """The machine's answer to a text; scores are empty when it could not be scored."""

    verdict = fields.String(required=True, validate=validate.OneOf([str(v) for v in Verdict]))
    scores = fields.Nested(ScoresOut, required=True)
    reasons = fields.List(fields.Nested(ReasonOut), required=True)
    spam_kind = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([str(kind) for kind in SpamKind]),
        metadata={"description": "Named where spam is a reason and its kind is clear."},
    )
    rules = fields.List(fields.Nested(RuleMatchOut), required=True)
    read_as = fields.String(required=True)
    model_version = fields.String(required=True)
    policy_version = fields.String(required=True)


class RulingOut(Schema):
    """What a person decided."""

    decision = fields.String(required=True, validate=validate.OneOf([str(d) for d in Decision]))
    labels = _labels(required=True)
    note = fields.String(required=True)
    decided_by = fields.String(required=True)
    source = fields.String(required=True, validate=validate.OneOf([str(s) for s in Source]))
    decided_at = fields.String(required=True)


class CommentOut(AssessmentOut):
    """A stored comment's assessment, its queue item and what was decided."""

    id = fields.String(required=True)
    comment_id = fields.String(required=True)
    revision = fields.Integer(required=True)
    queue_item = fields.String(required=True, allow_none=True)
    decision = fields.Nested(RulingOut, required=True, allow_none=True)


class ScoreOut(Schema):
    """One assessment a text, in the order sent."""

    assessments = fields.List(fields.Nested(AssessmentOut), required=True)


class CommentIdIn(Schema):
    """Names a comment by the site's own id."""

    comment_id = _text(LONGEST_NAME, shortest=1, required=True)


class FeedbackIn(Schema):
    """What the site's own people decided."""

    decision = fields.String(required=True, validate=validate.OneOf([str(d) for d in Decision]))
    labels = _labels(load_default=list)
    reporter = _text(LONGEST_NAME, load_default="")


class QueueIn(Schema):
    """Which part of the queue to read."""

    site = _text(LONGEST_NAME)
    section = _text(LONGEST_NAME)
    label = fields.String(validate=validate.OneOf([str(label) for label in LABELS]))
    order = fields.String(
        load_default=Order.PRIORITY.value, validate=validate.OneOf([str(o) for o in Order])
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, LONGEST_PAGE))
    cursor = _text(LONGEST_NAME)


def _lease(**kwargs: Any) -> WholeNumber:
    shortest, longest = (int(lease.total_seconds()) for lease in (SHORTEST_LEASE, LONGEST_LEASE))
    return WholeNumber(validate=validate.Range(shortest, longest), **kwargs)


class ClaimIn(Schema):
    """Who claims, how many, for how long."""

    moderator = _text(LONGEST_NAME, shortest=1, required=True)
    count = WholeNumber(load_default=1, validate=validate.Range(1, MOST_CLAIMED))
    lease_s = _lease(load_default=600)
    section = _text(LONGEST_NAME)
    label = fields.String(validate=validate.OneOf([str(label) for label in LABELS]))


class HoldIn(Schema):
    """What the caller believes of the item; what is given must be true."""

    moderator = _text(LONGEST_NAME, shortest=1)
    version = fields.Integer(strict=True)


class RenewIn(HoldIn):
    """How much longer to hold an item."""

    lease_s = _lease(load_default=600)


class DecisionIn(HoldIn):
    """A person's decision on an item they hold."""

    decision = fields.String(required=True, validate=validate.OneOf([str(d) for d in Decision]))
    labels = _labels(load_default=list, metadata={"description": "Required to reject."})
    note = _text(LONGEST_NOTE, load_default="")
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
    priority = fields.Float(required=True)
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


class ProblemOut(Schema):
    """An error, as RFC 9457 describes it."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Dict(keys=fields.String(), values=fields.String()))
