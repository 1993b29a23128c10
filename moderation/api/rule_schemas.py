"""What goes in and out of the views on rules and lists."""

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from moderation.api.fields import text_field
from moderation.domain.rules import LIST_KINDS, LONGEST_NAME, Effect, Mode, RuleKind
from moderation.domain.verdict import Verdict
from moderation.services.lists import LONGEST_ENTRY, MOST_ENTRIES


def _one_of(values: Any, **kwargs: Any) -> fields.String:
    return fields.String(validate=validate.OneOf([str(value) for value in values]), **kwargs)


class ListIn(Schema):
    """A list as it should be; what it held before and is not named here is taken out."""

    kind = _one_of(LIST_KINDS, required=True)
    effect = _one_of([Effect.REJECT, Effect.HOLD, Effect.ALLOW], required=True)
    mode = _one_of(Mode, load_default=Mode.OBSERVE.value)
    entries = fields.List(
        text_field(LONGEST_ENTRY, shortest=1),
        required=True,
        validate=validate.Length(max=MOST_ENTRIES),
    )
    by = text_field(
        LONGEST_NAME,
        shortest=1,
        load_default="",
        metadata={"description": "Who changes it; the site's name if left out."},
    )


class RuleIn(Schema):
    """How a rule that is no list should stand."""

    mode = _one_of(Mode, required=True)
    parameters = fields.Dict(
        keys=fields.String(), values=fields.Float(allow_nan=False), load_default=dict
    )
    by = text_field(LONGEST_NAME, shortest=1, load_default="")


class ByIn(Schema):
    """Who does it."""

    by = text_field(LONGEST_NAME, shortest=1, load_default="")


class ModeIn(ByIn):
    """Whether a rule acts, observes or rests."""

    mode = _one_of(Mode, required=True)


class RuleOut(Schema):
    """A rule at its present version, and what that version did or would have done."""

    name = fields.String(required=True)
    kind = _one_of(RuleKind, required=True)
    effect = _one_of(Effect, required=True)
    mode = _one_of(Mode, required=True)
    version = fields.Integer(required=True)
    parameters = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)
    entries = fields.Integer(required=True)
    matched = fields.Integer(required=True)
    changed = fields.Integer(
        required=True, metadata={"description": "Comments whose verdict it changed, or would."}
    )


class RulesOut(Schema):
    """Every rule of the site."""

    rules = fields.List(fields.Nested(RuleOut), required=True)


class ChangedOut(Schema):
    """What a change led to."""

    name = fields.String(required=True)
    mode = fields.String(required=True)
    version = fields.Integer(required=True)


class RuleVersionOut(Schema):
    """One version of a rule."""

    version = fields.Integer(required=True)
    effect = fields.String(required=True)
    mode = fields.String(required=True)
    parameters = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)
    changed_by = fields.String(required=True)
    changed_at = fields.String(required=True)
    change = fields.String(required=True)


class RuleVersionsOut(Schema):
    """The versions of a rule, the newest first."""

    versions = fields.List(fields.Nested(RuleVersionOut), required=True)


class EntriesOut(Schema):
    """The entries of a list; e-mail addresses appear as their keyed hashes only."""

    entries = fields.List(fields.String(), required=True)


class ChangeCountOut(Schema):
    """How many comments would have gone from one verdict to another."""

    verdict = _one_of(Verdict, required=True)
    otherwise = _one_of(Verdict, required=True)
    comments = fields.Integer(required=True)


class SampleOut(Schema):
    """A comment the list would have matched."""

    comment_id = fields.String(required=True)
    text = fields.String(required=True)


class DryRunOut(Schema):
    """What a list would have done to the site's last comments."""

    comments = fields.Integer(required=True)
    matched = fields.Integer(required=True)
    would_change = fields.List(fields.Nested(ChangeCountOut), required=True)
    samples = fields.List(fields.Nested(SampleOut), required=True)
