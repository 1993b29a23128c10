"""The smallest WSGI application: the unit that requests per second are compared with."""

from collections.abc import Iterable
from typing import Any


def app(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer every request with the same few bytes."""
    body = b"hello"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
