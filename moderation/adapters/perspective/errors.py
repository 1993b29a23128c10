"""Errors in the shape Google's APIs give them."""

from http import HTTPStatus
from typing import Any

from flask import Response, json

_STATUS = {
    HTTPStatus.BAD_REQUEST: "INVALID_ARGUMENT",
    HTTPStatus.UNAUTHORIZED: "UNAUTHENTICATED",
    HTTPStatus.FORBIDDEN: "PERMISSION_DENIED",
    HTTPStatus.NOT_FOUND: "NOT_FOUND",
    HTTPStatus.TOO_MANY_REQUESTS: "RESOURCE_EXHAUSTED",
    HTTPStatus.INTERNAL_SERVER_ERROR: "INTERNAL",
    HTTPStatus.SERVICE_UNAVAILABLE: "UNAVAILABLE",
}


class RefusedError(Exception):
    """A request that gets an error instead of scores."""

    def __init__(
        self, message: str, *details: dict[str, Any], code: HTTPStatus = HTTPStatus.BAD_REQUEST
    ) -> None:
        super().__init__(message)
        self.code = code
        self.details = details


def refused(error_type: str, message: str, **details: Any) -> RefusedError:
    """Build a refusal with one of Perspective's own error types."""
    kind = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
    return RefusedError(message, {"@type": kind, "errorType": error_type, **details})


def refused_payload(why: str) -> RefusedError:
    """Build the refusal of a body that cannot be read."""
    message = f"Invalid JSON payload received. {why}"
    kind = "type.googleapis.com/google.rpc.BadRequest"
    return RefusedError(
        message, {"@type": kind, "fieldViolations": [{"field": "", "description": message}]}
    )


def refused_language(attribute: str, languages: list[str], *, detected: bool) -> RefusedError:
    """Build the refusal of a language an attribute cannot be scored in."""
    named = "detectedLanguages" if detected else "requestedLanguages"
    return refused(
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        f"Attribute {attribute} does not support request languages: {', '.join(languages)}",
        languageNotSupportedByAttributeError={named: languages, "attribute": attribute},
    )


def respond(code: HTTPStatus, message: str, *details: dict[str, Any]) -> Response:
    """Answer with an error."""
    error: dict[str, Any] = {
        "code": code.value,
        "message": message,
        "status": _STATUS.get(code, "INVALID_ARGUMENT" if code < 500 else "INTERNAL"),
    }
    if details:
        error["details"] = list(details)
    return Response(json.dumps({"error": error}), code.value, mimetype="application/json")
