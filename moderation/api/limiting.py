"""Rate limits as HTTP says them: 429, ``Retry-After``, ``RateLimit`` and ``RateLimit-Policy``."""

from flask import Response, g, request
from werkzeug.exceptions import TooManyRequests

from moderation.runtime import runtime
from moderation.services.rate_limits import WINDOW_S, Allowance
from moderation.storage.sites import ApiKey


def count_address() -> None:
    """Count the request before its key is looked at, so that nobody can try keys at leisure."""
    _refuse_beyond(runtime().rate_limits.count_address(request.remote_addr))


def count_key(key: ApiKey) -> None:
    """Count the request for its key."""
    g.allowance = allowance = runtime().rate_limits.count_key(key.id)
    _refuse_beyond(allowance)


def tell(response: Response) -> Response:
    """Add what is left, as draft-ietf-httpapi-ratelimit-headers has it."""
    allowance: Allowance | None = g.get("allowance")
    if allowance is not None:
        name = allowance.policy
        response.headers["RateLimit-Policy"] = f'"{name}";q={allowance.quota};w={WINDOW_S}'
        response.headers["RateLimit"] = f'"{name}";r={allowance.remaining};t={allowance.reset_s}'
    return response


def _refuse_beyond(allowance: Allowance) -> None:
    if not allowance.allowed:
        g.allowance = allowance
        raise TooManyRequests(
            f"more than {allowance.quota} requests a minute for one {allowance.policy}",
            retry_after=allowance.reset_s,
        )
