"""What goes in and out; the OpenAPI document is made from these very schemas."""

from typing import Any

from apiflask import Schema
from marshmallow import fields, post_load, validate

from moderation.api.fields import (
    LONGEST_NAME,
    LONGEST_URL,
    PlainSchema,
    Texts,
    WholeNumber,
    comment_text_field,
    labels_field,
    text_field,
)
from moderation.domain.comment import (
    LARGEST_REVISION,
    LONGEST_TEXT,
    Author,
    Parent,
    Story,
    Submission,
)
from moderation.domain.decision import Decision, Source
from moderation.domain.rules import Effect, RuleKind
from moderation.domain.verdict import LABELS, SpamKind, Verdict

MOST_SCORED = 1000


class StoryIn(PlainSchema):
    """The article the comment stands under; the classifier reads title, section and summary."""

    id = text_field(LONGEST_NAME)
    url = text_field(LONGEST_URL)
    title = text_field(LONGEST_URL)
    section = text_field(LONGEST_NAME)
    summary = text_field(LONGEST_TEXT)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Story:
        """Return what the fields describe."""
        return Story(**data)


class AuthorIn(PlainSchema):
    """The writer; e-mail and address are kept only as keyed hashes."""

    id = text_field(LONGEST_NAME)
    name = text_field(LONGEST_NAME)
    email = text_field(LONGEST_NAME)
    url = text_field(LONGEST_URL)
    ip = text_field(LONGEST_NAME)
    user_agent = text_field(LONGEST_URL)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Author:
        """Return what the fields describe."""
        return Author(**data)


class ParentIn(PlainSchema):
    """The comment that is answered."""

    comment_id = text_field(LONGEST_NAME)
    text = text_field(LONGEST_TEXT)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Parent:
        """Return what the fields describe."""
        return Parent(**data)


class SubmissionIn(PlainSchema):
    """A reader's comment."""

    comment_id = text_field(
        LONGEST_NAME,
        shortest=1,
        required=True,
        metadata={"description": "The site's own id for the comment."},
    )
    text = comment_text_field()
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
    def build(self, data: dict[str, Any], **_: Any) -> Submission:
        """Return what the fields describe."""
        return Submission(**data)


class PassageIn(PlainSchema):
    """A text to score, stored nowhere."""

    text = comment_text_field()
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
    labels = labels_field(required=True)
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

    comment_id = text_field(LONGEST_NAME, shortest=1, required=True)


class FeedbackIn(Schema):
    """What the site's own people decided."""

    decision = fields.String(required=True, validate=validate.OneOf([str(d) for d in Decision]))
    labels = labels_field(load_default=list)
    reporter = text_field(LONGEST_NAME, load_default="")


class ProblemOut(Schema):
    """An error, as RFC 9457 describes it."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Dict(keys=fields.String(), values=fields.String()))
