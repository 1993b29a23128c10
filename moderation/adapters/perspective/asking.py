"""Read what a client asks, or refuse it as the original did."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Request, json
from marshmallow import EXCLUDE, Schema, ValidationError, fields

from moderation.adapters.perspective.attributes import (
    ATTRIBUTES,
    DETECTED,
    NOT_INDONESIAN,
    supports,
)
from moderation.adapters.perspective.errors import (
    refused,
    refused_language,
    refused_payload,
)
from moderation.domain.scorer import Article, Passage

LARGEST_TEXT = 20_480
_LONGEST_CONTEXT = 20_000
_UNDERSCORE = re.compile(r"_([a-z])")


class _Lenient(Schema):
    class Meta:
        """Fields this service has no use for are ignored."""

        unknown = EXCLUDE


class _TextIn(_Lenient):
    text = fields.String(load_default="", allow_none=True)
    type = fields.String(load_default="PLAIN_TEXT")


class _AttributeIn(_Lenient):
    scoreThreshold = fields.Float(load_default=0.0)  # noqa: N815 - the wire's own name
    scoreType = fields.String(load_default="PROBABILITY")  # noqa: N815 - the wire's own name


class _ArticleAndParentIn(_Lenient):
    article = fields.Nested(_TextIn)
    parentComment = fields.Nested(_TextIn)  # noqa: N815 - the wire's own name


class _ContextIn(_Lenient):
    entries = fields.List(fields.Nested(_TextIn))
    articleAndParentComment = fields.Nested(_ArticleAndParentIn)  # noqa: N815 - the wire's own


class _SummaryIn(_Lenient):
    value = fields.Float(required=True)


class _SuggestedIn(_Lenient):
    summaryScore = fields.Nested(_SummaryIn, required=True)  # noqa: N815 - the wire's own name


class _RequestIn(_Lenient):
    comment = fields.Nested(_TextIn, load_default=lambda: {"text": "", "type": "PLAIN_TEXT"})
    context = fields.Nested(_ContextIn)
    languages = fields.List(fields.String(), load_default=list)
    clientToken = fields.String()  # noqa: N815 - the wire's own name
    communityId = fields.String(load_default="")  # noqa: N815 - the wire's own name


class _AnalyzeIn(_RequestIn):
    requestedAttributes = fields.Dict(  # noqa: N815 - the wire's own name
        keys=fields.String(), values=fields.Nested(_AttributeIn), load_default=dict
    )
    spanAnnotations = fields.Boolean(load_default=False)  # noqa: N815 - the wire's own name


class _SuggestIn(_RequestIn):
    attributeScores = fields.Dict(  # noqa: N815 - the wire's own name
        keys=fields.String(), values=fields.Nested(_SuggestedIn), load_default=dict
    )


_ANALYZE, _SUGGEST = _AnalyzeIn(), _SuggestIn()


@dataclass(frozen=True, slots=True)
class Analysis:
    """What to score: the passage, and for each attribute the score below which it is left out."""

    passage: Passage
    thresholds: Mapping[str, float]
    languages: list[str]
    spans: bool
    client_token: str | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Scores that a client's own people would give, or the status they gave (Coral)."""

    passage: Passage
    scores: Mapping[str, float]
    languages: list[str]
    community: str
    client_token: str | None


def read_analysis(request: Request) -> Analysis:
    """Read ``comments:analyze``."""
    asked = _load(_ANALYZE, request)
    attributes = asked["requestedAttributes"]
    if not attributes:
        raise refused("NO_REQUESTED_ATTRIBUTES", "Missing requested_attributes")
    for name, wanted in attributes.items():
        if name in NOT_INDONESIAN:
            languages = asked["languages"]
            raise refused_language(name, languages or [DETECTED], detected=not languages)
        if name not in ATTRIBUTES:
            raise refused("INVALID_REQUEST", f"Unknown requested attribute: {name}")
        if wanted["scoreType"] not in {"PROBABILITY", "SCORE_TYPE_UNSPECIFIED"}:
            raise refused(
                "INVALID_REQUEST",
                f"Requested score type {wanted['scoreType']} is not supported by attribute {name}",
            )
    unsupported = [language for language in asked["languages"] if not supports(language)]
    if unsupported:
        raise refused_language(next(iter(attributes)), unsupported, detected=False)
    return Analysis(
        passage=_read_passage(asked),
        thresholds={name: wanted["scoreThreshold"] for name, wanted in attributes.items()},
        languages=asked["languages"],
        spans=asked["spanAnnotations"],
        client_token=asked.get("clientToken"),
    )


def read_suggestion(request: Request) -> Suggestion:
    """Read ``comments:suggestscore``."""
    asked = _load(_SUGGEST, request)
    scores = {
        name: given["summaryScore"]["value"] for name, given in asked["attributeScores"].items()
    }
    for name in scores:
        if name not in ATTRIBUTES and name not in {"APPROVED", "DELETED"}:
            raise refused("INVALID_REQUEST", f"Unknown attribute: {name}")
    if not scores:
        raise refused("INVALID_REQUEST", "Missing attribute_scores")
    return Suggestion(
        passage=_read_passage(asked),
        scores=scores,
        languages=asked["languages"],
        community=asked["communityId"],
        client_token=asked.get("clientToken"),
    )


def _load(schema: Schema, request: Request) -> dict[str, Any]:
    try:
        # The original read JSON whatever the declared type, and so do its clients expect.
        # No body at all is a request without fields.
        document = _read_names(json.loads(request.get_data(cache=False) or b"{}"))
        loaded: dict[str, Any] = schema.load(document)
    except ValidationError as error:
        raise refused_payload(str(error.messages)) from error
    except (ValueError, RecursionError) as error:
        raise refused_payload("It is not JSON.") from error
    return loaded


def _read_names(value: Any) -> Any:
    """Read names and nulls as protocol buffers' JSON does, for what was built for the original.

    A field's name may have underscores, and null is a field that is not set. Names of attributes
    are capitals, and none of a field's.
    """
    if isinstance(value, list):
        return [_read_names(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    return {
        _UNDERSCORE.sub(lambda found: found[1].upper(), name): _read_names(
            {} if inner is None else inner
        )
        for name, inner in value.items()
        if inner is not None or name.isupper()
    }


def _read_passage(asked: Mapping[str, Any]) -> Passage:
    comment = asked["comment"]
    if comment["type"] not in {"PLAIN_TEXT", "TEXT_TYPE_UNSPECIFIED"}:
        raise refused("INVALID_REQUEST", "Currently, only 'PLAIN_TEXT' comments are supported")
    text = comment["text"] or ""
    if not text.strip():
        raise refused("COMMENT_EMPTY", "Comment must be non-empty.")
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_TEXT:
        raise refused("COMMENT_TOO_LONG", "Comment text too long.")
    context = asked.get("context", {})
    if context.get("entries") and context.get("articleAndParentComment"):
        raise refused(
            "INVALID_REQUEST",
            "Context can have either entries or article_and_parent_comment, but both fields were "
            "populated.",
        )
    around = context.get("articleAndParentComment", {})
    article = _clean(around.get("article", {}).get("text") or "")[:_LONGEST_CONTEXT]
    parent = _clean(around.get("parentComment", {}).get("text") or "")[:_LONGEST_CONTEXT]
    return Passage(_clean(text), Article(summary=article) if article else None, parent or None)


def _clean(text: str) -> str:
    """Replace what no database stores, one character for one, so that offsets stay true."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
