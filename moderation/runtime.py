"""The parts a running service is made of, as views reach for them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Flask, current_app

from moderation.domain.scorer import Scorer
from moderation.services.access import KeyRing
from moderation.services.changes import ChangeWatch
from moderation.services.intake import Intake
from moderation.services.rate_limits import RateLimits
from moderation.settings import Settings
from moderation.storage.engine import Database

_EXTENSION = "moderation"


@dataclass(frozen=True, slots=True)
class Runtime:
    """The parts of a moment; ``clock`` is the only source of the present time.

    All but the champion is built once at start. Whoever asks for the parts once and keeps them
    works with one champion to the end, whatever is put in its place meanwhile.
    """

    settings: Settings
    database: Database
    scorer: Scorer
    intake: Intake
    key_ring: KeyRing
    rate_limits: RateLimits
    changes: ChangeWatch
    clock: Callable[[], datetime]


def install(app: Flask, parts: Runtime) -> None:
    """Keep the parts on the application."""
    app.extensions[_EXTENSION] = parts


def crown(app: Flask, scorer: Scorer) -> None:
    """Let a scorer, and the policy that travels with it, serve what begins from now on."""
    parts: Runtime = app.extensions[_EXTENSION]
    install(app, replace(parts, scorer=scorer, intake=replace(parts.intake, scorer=scorer)))


def runtime() -> Runtime:
    """Return the parts of the application that answers the present request."""
    return parts_of(current_app)


def parts_of(app: Flask) -> Runtime:
    """Return the parts of an application as they are at this moment."""
    parts: Runtime = app.extensions[_EXTENSION]
    return parts
