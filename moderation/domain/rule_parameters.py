"""How far parameters may go, beyond which a rule would never match or cost too much."""

from collections.abc import Mapping
from types import MappingProxyType

from moderation.errors import InvalidError

SHARES = frozenset({"share", "rejected_share", "step"})
"""Parameters that are shares, above 0 and at most 1; all others are whole numbers, or times."""

_TIMES = frozenset({"window_hours", "window_days", "window_minutes", "calm_minutes"})

HIGHEST: Mapping[str, float] = MappingProxyType(
    {
        "share": 1,
        "rejected_share": 1,
        "step": 0.9,
        # An author's comments are counted up to 200, an article's up to 2,000.
        "approved": 200,
        "at_least": 200,
        "comments": 2_000,
        # A campaign's members are counted up to twice these, with every copy that comes.
        "copies": 500,
        "authors": 500,
        "window_hours": 30 * 24,
        "window_days": 365,
        "window_minutes": 24 * 60,
        "calm_minutes": 7 * 24 * 60,
    }
)
"""The highest value of every parameter, by its name."""


def check_parameters(parameters: Mapping[str, float]) -> None:
    """Raise ``InvalidError``, which names it, for a value that makes no sense."""
    for name, value in parameters.items():
        if not 0 < value <= HIGHEST[name]:
            raise InvalidError(
                f"must be above 0 and at most {HIGHEST[name]:g}", f"/parameters/{name}"
            )
        if name not in SHARES | _TIMES and value != int(value):
            raise InvalidError("must be a whole number", f"/parameters/{name}")
