"""The API document, readable at ``/docs``, and what each problem type means."""

from pathlib import Path
from typing import Any

import flask_swagger_ui
from apiflask import APIBlueprint, APIFlask
from flask import Response, make_response, render_template, send_from_directory

from moderation.api.authorization import BEARER
from moderation.api.complaints import NAMES_WHAT_IT_IS_ABOUT
from moderation.api.idempotency import HEADER, LONGEST_KEY
from moderation.api.problems import list_types
from moderation.api.schemas import ProblemOut

_SWAGGER_UI = Path(flask_swagger_ui.__file__).parent / "dist"

# Swagger UI sets styles from script; it runs no inline script and loads nothing from elsewhere.
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)

blueprint = APIBlueprint(
    "docs",
    __name__,
    url_prefix="/docs",
    enable_openapi=False,
    template_folder="templates",
    static_folder="static",
)


@blueprint.get("")
def show() -> str:
    """Show the OpenAPI document."""
    return render_template("api_docs.html")


@blueprint.get("/problems")
def show_problems() -> str:
    """Explain every ``type`` a problem may have."""
    return render_template("api_problems.html", types=list_types())


@blueprint.get("/ui/<path:name>")
def show_asset(name: str) -> Response:
    """Serve Swagger UI from its package, so that nothing comes from another host."""
    return make_response(send_from_directory(_SWAGGER_UI, name, max_age=86_400))


@blueprint.after_request
def _harden(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def describe(app: APIFlask) -> None:
    """Complete the OpenAPI document: how to authorize, and what every error looks like."""
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        DESCRIPTION=(
            "Hand in readers' comments, get an assessment in milliseconds, and let people "
            "decide the rest. Offsets in `spans` count Unicode code points."
        ),
        VALIDATION_ERROR_SCHEMA=ProblemOut,
        HTTP_ERROR_SCHEMA=ProblemOut,
        SERVERS=[{"url": "/"}],
    )
    app.security_schemes = {BEARER: {"type": "http", "scheme": "bearer"}}
    app.spec_processor(_complete_responses)


def _describe_limits(responses: dict[str, Any]) -> None:
    """Say that every call with a key is counted."""
    responses.setdefault("429", {**responses["401"], "description": "Too Many Requests"})


def _describe_idempotency(operation: dict[str, Any]) -> None:
    """Say that every POST with a key may name an idempotency key, and what may come of it."""
    operation.setdefault("parameters", []).append(
        {
            "name": HEADER,
            "in": "header",
            "required": False,
            "description": "A repeat within 24 hours gets the first answer again.",
            "schema": {
                "type": "string",
                "minLength": 1,
                "maxLength": LONGEST_KEY,
                "pattern": "^[!#-+\\-.-~]+$",
            },
        }
    )
    responses = operation["responses"]
    for status, description in (("400", "Bad Request"), ("409", "Conflict"), ("422", "Refused")):
        responses.setdefault(status, {**responses["401"], "description": description})


def _require_body(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Say that a body is required where its schema requires a field."""
    body = operation.get("requestBody", {})
    reference = (
        body.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
    )
    if schemas.get(reference.rpartition("/")[2], {}).get("required"):
        body["required"] = True


def _complete_responses(spec: Any) -> Any:
    """Say what APIFlask leaves out: the media type of errors, and that 200 looks like 201."""
    spec["components"]["schemas"]["ComplaintIn"].update(NAMES_WHAT_IT_IS_ABOUT)
    for name, path in spec["paths"].items():
        for operation in path.values():
            _complete_operation(operation, is_csv=name.endswith("/csv"))
        if "401" in path.get("post", {}).get("responses", {}):
            _describe_idempotency(path["post"])
        for method in {"post", "put"} & set(path):
            if "401" in path[method]["responses"]:
                _require_body(path[method], spec["components"]["schemas"])
    return spec


def _complete_operation(operation: Any, *, is_csv: bool) -> None:
    responses = operation.get("responses", {})
    if is_csv:
        responses["200"]["content"] = {"text/csv": {"schema": {"type": "string"}}}
    for status, answer in responses.items():
        content = answer.get("content", {})
        if status >= "400" and "application/json" in content:
            content["application/problem+json"] = content.pop("application/json")
    if "200" in responses and "201" in responses:
        responses["200"] = {**responses["201"], "description": "Stored before."}
    if "401" in responses:
        _describe_limits(responses)
