"""Who calls the API."""

from dataclasses import dataclass

from flask import g

from moderation.services.rate_limits import Allowance
from moderation.storage.sites import ApiKey

CALLER = "moderation.caller"
"""Where a request that was checked before Flask saw it brings its caller."""


@dataclass(slots=True)
class Caller:
    """A caller as far as it is known by now: its key, and what its limit leaves it."""

    key: ApiKey | None = None
    allowance: Allowance | None = None


def current_key() -> ApiKey:
    """Return the key of the request being answered."""
    caller: Caller = g.caller
    if caller.key is None:
        raise LookupError("no key was found for this request")
    return caller.key
