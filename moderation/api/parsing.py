"""Read a JSON body, or say exactly why it cannot be read."""

import json
from typing import Any

from apiflask.schema_adapters.marshmallow import parser
from flask import Request
from marshmallow import Schema
from werkzeug.exceptions import BadRequest, UnsupportedMediaType


def install() -> None:
    """Replace webargs' loader, to which another content type is an empty body."""
    parser.location_loader("json")(load_json)


def load_json(request: Request, _schema: Schema) -> Any:
    """Return the request's JSON; no body at all counts as an object without fields.

    Raises:
        UnsupportedMediaType: the body is not declared as JSON.
        BadRequest: it is not JSON, not UTF-8, or nested too deeply to be read.
    """
    body = request.get_data(cache=False)
    if body and not request.is_json:
        raise UnsupportedMediaType("send the body as Content-Type: application/json")
    return read_json(body)


def read_json(body: bytes) -> Any:
    """Return what a body says; raise ``BadRequest`` as ``load_json`` does."""
    if not body:
        return {}
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise BadRequest(f"the body is not JSON: {error}") from error
    except UnicodeDecodeError as error:
        raise BadRequest(f"the body is not UTF-8: {error.reason}") from error
    except RecursionError as error:
        raise BadRequest("the body is nested too deeply") from error
    except ValueError as error:
        raise BadRequest(f"the body holds a number that cannot be read: {error}") from error


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
