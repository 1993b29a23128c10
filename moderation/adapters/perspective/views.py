"""``comments:analyze`` and ``comments:suggestscore``."""

import logging
from http import HTTPStatus
from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException, TooManyRequests

from moderation.adapters.perspective.asking import (
    Analysis,
    read_analysis,
    read_suggestion,
)
from moderation.adapters.perspective.attributes import (
    DETECTED,
    UNDETECTED,
    leading_label,
    score_of,
)
from moderation.adapters.perspective.discovery import describe
from moderation.adapters.perspective.errors import RefusedError, refused_language, respond
from moderation.adapters.perspective.suggesting import take_suggestion
from moderation.domain.scorer import Reading, Scorer
from moderation.domain.verdict import Label, Span
from moderation.runtime import runtime
from moderation.storage.sites import ApiKey, Scope

logger = logging.getLogger(__name__)

# Documented in docs/integrations, not in the OpenAPI document.
blueprint = APIBlueprint("perspective", __name__, enable_openapi=False)


@blueprint.get("/$discovery/rest")
@blueprint.get("/discovery/v1/apis/commentanalyzer/v1alpha1/rest")
def discover() -> Response:
    """Describe the two calls to Google's own client libraries, which ask before they call."""
    if request.args.get("version", "v1alpha1") != "v1alpha1":
        raise RefusedError("Only v1alpha1 is spoken here.", code=HTTPStatus.NOT_FOUND)
    return jsonify(describe(request.url_root))


@blueprint.post("/v1alpha1/comments:analyze")
def analyze() -> Response:
    """Score a comment; nothing is stored, whether or not ``doNotStore`` asks for that."""
    _find_key()
    asked = read_analysis(request)
    scorer = runtime().scorer
    reading = _read(scorer, asked)
    if not reading.known_language and not asked.languages:
        raise refused_language(next(iter(asked.thresholds)), [UNDETECTED], detected=True)
    detected = [DETECTED if reading.known_language else UNDETECTED]
    answer = {
        "attributeScores": _score(scorer, asked, reading),
        "languages": asked.languages or detected,
        "detectedLanguages": detected,
    }
    if asked.client_token is not None:
        answer["clientToken"] = asked.client_token
    return jsonify(answer)


@blueprint.post("/v1alpha1/comments:suggestscore")
def suggest_score() -> Response:
    """Take what the client's own people think of a comment, to learn from."""
    key = _find_key()
    suggestion = read_suggestion(request)
    service = runtime()
    take_suggestion(service.intake, key.site, suggestion, now=service.clock())
    answer: dict[str, Any] = {
        "detectedLanguages": [DETECTED],
        "requestedLanguages": suggestion.languages,
    }
    if suggestion.client_token is not None:
        answer["clientToken"] = suggestion.client_token
    return jsonify(answer)


def _find_key() -> ApiKey:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    given = request.args.get("key", "") or request.headers.get("X-Goog-Api-Key", "") or bearer
    if not given:
        raise RefusedError(
            "Method doesn't allow unregistered callers. Please use an API key.",
            code=HTTPStatus.FORBIDDEN,
        )
    service = runtime()
    if not service.rate_limits.count_address(request.remote_addr).allowed:
        raise TooManyRequests
    key = service.key_ring.find(given, now=service.clock())
    if key is None:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        raise RefusedError(
            "API key not valid. Please pass a valid API key.",
            {"@type": kind, "reason": "API_KEY_INVALID", "domain": "googleapis.com"},
        )
    if Scope.SUBMIT not in key.scopes:
        raise RefusedError("The key needs the scope submit.", code=HTTPStatus.FORBIDDEN)
    if not service.rate_limits.count_key(key.id).allowed:
        raise TooManyRequests
    return key


def _read(scorer: Scorer, asked: Analysis) -> Reading:
    try:
        reading = scorer.read([asked.passage])[0]
    except Exception as error:
        logger.exception("scoring failed")
        raise RefusedError(
            "The comment could not be scored.", code=HTTPStatus.SERVICE_UNAVAILABLE
        ) from error
    if not reading.scores:
        raise RefusedError("There is no model to score with.", code=HTTPStatus.SERVICE_UNAVAILABLE)
    return reading


def _score(scorer: Scorer, asked: Analysis, reading: Reading) -> dict[str, Any]:
    scored = {
        name: (score_of(name, reading.scores), leading_label(name, reading.scores))
        for name, threshold in asked.thresholds.items()
        if score_of(name, reading.scores) >= threshold
    }
    spans: dict[Label, tuple[Span, ...]] = {}
    if asked.spans and scored:
        labels = {label for _, label in scored.values()}
        spans = dict(scorer.explain([asked.passage], [labels])[0].spans)
    text = asked.passage.text
    return {
        name: {
            "spanScores": _present_spans(text, spans.get(label, ()), value),
            "summaryScore": _present_score(value),
        }
        for name, (value, label) in scored.items()
    }


def _present_spans(text: str, spans: tuple[Span, ...], value: float) -> list[dict[str, Any]]:
    """Return the spans that carried a score; the whole text where none is known or asked for."""
    places = [(span.start, span.end) for span in spans] or [(0, len(text))]
    return [
        {"begin": _utf16(text[:start]), "end": _utf16(text[:end]), "score": _present_score(value)}
        for start, end in places
    ]


def _utf16(text: str) -> int:
    """Return a length as Perspective counts it, in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def _present_score(value: float) -> dict[str, Any]:
    return {"value": round(value, 8), "type": "PROBABILITY"}


@blueprint.errorhandler(RefusedError)
def refuse(error: RefusedError) -> Response:
    """Answer a request that cannot be met."""
    return respond(error.code, str(error), *error.details)


@blueprint.errorhandler(HTTPException)
def refuse_http(error: HTTPException) -> Response:
    """Answer what the framework refused, such as too large a body."""
    return respond(HTTPStatus(error.code or 500), error.description or error.name)


@blueprint.errorhandler(Exception)
def fail(error: Exception) -> Response:
    """Answer a failure of ours as a passing one: clients hold the comment and try again."""
    logger.exception("a Perspective call failed", extra={"path": request.path})
    return respond(HTTPStatus.SERVICE_UNAVAILABLE, "The service failed; try again shortly.")
