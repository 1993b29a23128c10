"""Rate limits as HTTP says them: 429, ``Retry-After``, ``RateLimit`` and ``RateLimit-Policy``."""

from flask import Response, g
from werkzeug.exceptions import TooManyRequests

from moderation.api.caller import Caller
from moderation.services.rate_limits import WINDOW_S, Allowance, RateLimits


def count_address(caller: Caller, limits: RateLimits, address: str | None) -> None:
    """Count the request before its key is looked at, so that nobody can try keys at leisure."""
    allowance = limits.count_address(address)
    if not allowance.allowed:
        _refuse(caller, allowance)


def count_key(caller: Caller, limits: RateLimits, key_id: int) -> None:
    """Count the request for its key."""
    caller.allowance = allowance = limits.count_key(key_id)
    if not allowance.allowed:
        _refuse(caller, allowance)


def tell(response: Response) -> Response:
    """Add what is left, as draft-ietf-httpapi-ratelimit-headers has it."""
    caller: Caller | None = g.get("caller")
    if caller is not None and caller.allowance is not None:
        response.headers.update(headers(caller.allowance))
    return response


def headers(allowance: Allowance) -> list[tuple[str, str]]:
    """Return the headers that say what is left."""
    name = allowance.policy
    return [
        ("RateLimit-Policy", f'"{name}";q={allowance.quota};w={WINDOW_S}'),
        ("RateLimit", f'"{name}";r={allowance.remaining};t={allowance.reset_s}'),
    ]


def _refuse(caller: Caller, allowance: Allowance) -> None:
    caller.allowance = allowance
    raise TooManyRequests(
        f"more than {allowance.quota} requests a minute for one {allowance.policy}",
        retry_after=allowance.reset_s,
    )
