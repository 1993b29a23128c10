"""The fields schemas are made of: texts a database can store, numbers as JSON Schema has them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from apiflask import Schema
from marshmallow import ValidationError, fields, validate

from moderation.domain.comment import LONGEST_TEXT
from moderation.domain.verdict import LABELS

LONGEST_NAME = 500
LONGEST_URL = 4_000


class WholeNumber(fields.Integer):
    """An integer as JSON Schema has it: ``7`` and ``7.0``, never ``"7"``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)

    def _validated(self, value: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            return super()._validated(int(value))
        return super()._validated(value)


def refuse_unstorable(text: str) -> None:
    """Refuse what no database stores: NUL, and halves of surrogate pairs."""
    if "\0" in text:
        raise ValidationError("must not contain NUL characters")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValidationError("must not contain lone surrogates") from error


class Text(fields.String):
    """A string of ``shortest`` to ``longest`` characters; blanks alone only if it ``may_blank``."""

    def __init__(
        self, longest: int, *, shortest: int = 0, may_blank: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.longest = longest
        self.shortest = shortest
        self.may_blank = may_blank

    def is_plainly_right(self, text: object) -> bool:
        """Say whether it needs no closer look; printable means no NUL and no lone surrogate."""
        return (
            isinstance(text, str)
            and self.shortest <= len(text) <= self.longest
            and text.isprintable()
            and (self.may_blank or (not text.isspace() and text != ""))
        )


def text_field(longest: int, *, shortest: int = 0, **kwargs: Any) -> Text:
    """Return a field for a text that a database can store."""
    metadata = {"pattern": r"^[^\u0000]*$", **kwargs.pop("metadata", {})}
    return Text(
        longest,
        shortest=shortest,
        validate=[validate.Length(min=shortest, max=longest), refuse_unstorable],
        metadata=metadata,
        **kwargs,
    )


def refuse_blank(text: str) -> None:
    """Refuse a text without a visible character."""
    if not text.strip():
        raise ValidationError("must not be empty")


def seen_text_field(longest: int, **metadata: str) -> Text:
    """Return the field for a text that must be there and show something."""
    return Text(
        longest,
        may_blank=False,
        required=True,
        validate=[validate.Length(max=longest), refuse_blank, refuse_unstorable],
        metadata={"pattern": r"^[^\u0000]*[^\s\u0000][^\u0000]*$", **metadata},
    )


def comment_text_field() -> Text:
    """Return the field for a comment itself."""
    return seen_text_field(LONGEST_TEXT, description="The comment as the reader wrote it.")


def labels_field(**kwargs: Any) -> fields.List[str]:
    """Return a field for some of the labels."""
    return fields.List(
        fields.String(validate=validate.OneOf([str(label) for label in LABELS])), **kwargs
    )


class PlainSchema(Schema):
    """A schema whose documents are taken whole where each of their fields is plainly right.

    A submission holds a dozen texts, and marshmallow's way through them costs half of what
    scoring the comment does. Whatever is doubtful goes that way, and gets its errors.
    """

    def build(self, data: dict[str, Any], **_: Any) -> Any:
        """Return what the fields describe."""
        raise NotImplementedError

    def load(self, data: Any, **kwargs: Any) -> Any:
        """Load a document."""
        taken = None if kwargs else self.take(data)
        return super().load(data, **kwargs) if taken is None else taken

    def take(self, document: Any) -> Any:
        """Return what a plainly right document describes, ``None`` for any other."""
        if not isinstance(document, dict) or not document.keys() >= self._needed:
            return None
        values: dict[str, Any] = {}
        for name, value in document.items():
            field = self.load_fields.get(name)
            if isinstance(field, Text):
                taken = value if field.is_plainly_right(value) else None
            elif isinstance(field, Texts):
                taken = field.schema.take(value)  # type: ignore[attr-defined]
            else:
                taken = None if field is None else _deserialized(field, value)
            if taken is None:
                return None
            values[name] = taken
        return self.build(values)

    @cached_property
    def _needed(self) -> set[str]:
        return {name for name, field in self.load_fields.items() if field.required}


class Texts(fields.Nested):
    """An object with a ``PlainSchema``."""

    def _deserialize(
        self,
        value: Any,
        attr: str | None,
        data: Mapping[str, Any] | None,
        partial: Any = None,
        **kwargs: Any,
    ) -> Any:
        taken = self.schema.take(value)  # type: ignore[attr-defined]
        if taken is not None:
            return taken
        return super()._deserialize(value, attr, data, partial, **kwargs)


def _deserialized(field: fields.Field[Any], value: Any) -> Any:
    try:
        return field.deserialize(value)
    except ValidationError:
        return None
