"""The fields schemas are made of: texts a database can store, numbers as JSON Schema has them."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

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
    """A string of at most ``longest`` characters; blanks alone only if it ``may_blank``."""

    def __init__(self, longest: int, *, may_blank: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest
        self.may_blank = may_blank


def text_field(longest: int, *, shortest: int = 0, **kwargs: Any) -> Text:
    """Return a field for a text that a database can store."""
    metadata = {"pattern": r"^[^\u0000]*$", **kwargs.pop("metadata", {})}
    return Text(
        longest,
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


class Texts(fields.Nested):
    """An object of nothing but texts, taken whole where each of them is plainly right.

    A submission holds a dozen, and asking every field's validators costs a third of what scoring
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
