"""The composition root: the only module that knows every part."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apiflask import APIFlask
from flask import Flask
from flask_wtf import CSRFProtect

from moderation import console, demo, runtime
from moderation.api import (
    campaigns,
    comments,
    complaints,
    docs,
    health,
    parsing,
    problems,
    queue,
    rules,
)
from moderation.api.sessions import PagesOnlySessions
from moderation.classifier.absent import AbsentScorer
from moderation.classifier.artifact import load_champion
from moderation.domain.scorer import Scorer
from moderation.errors import ArtefactError
from moderation.services.access import KeyRing
from moderation.services.consulting import Counsel
from moderation.services.intake import Intake
from moderation.settings import Settings
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms

LARGEST_BODY = 2_000_000
LONGEST_SHIFT = timedelta(hours=12)

logger = logging.getLogger(__name__)


def create_app(
    settings: Settings,
    *,
    scorer: Scorer | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Flask:
    """Build the service; nothing is connected before the first request, so it may be forked.

    ``scorer`` replaces the champion of ``settings.models_dir``.
    """
    app = APIFlask("moderation", title="Moderasi Balasan", json_errors=False, docs_path=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        SESSION_COOKIE_NAME="moderasi",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=LONGEST_SHIFT,
        # A token lives as long as the session it belongs to: a page may stay open for a shift.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,
    )
    database = Database(settings.database_url, sqlite_synchronous=settings.sqlite_synchronous)
    champion = scorer or _load_champion(settings)
    runtime.install(
        app,
        runtime.Runtime(
            settings=settings,
            database=database,
            scorer=champion,
            intake=Intake(database, champion, Pseudonyms(settings.secret_key), Counsel(database)),
            key_ring=KeyRing(database),
            clock=clock,
        ),
    )
    app.session_interface = PagesOnlySessions()
    parsing.install()
    problems.register(app)
    csrf = CSRFProtect()
    for part in (comments, queue, rules, campaigns, complaints, health, docs):
        app.register_blueprint(part.blueprint)
        # Spoken to with keys, never with a browser's cookie; every page is protected.
        csrf.exempt(part.blueprint)
    csrf.init_app(app)
    docs.describe(app)
    console.register(app)
    if settings.demo:
        app.register_blueprint(demo.blueprint)
    return app


def _load_champion(settings: Settings) -> Scorer:
    """Load the champion; without one the service runs on, and every comment waits for a person."""
    try:
        return load_champion(settings.models_dir)
    except ArtefactError:
        logger.exception("no champion: every comment will wait for a person")
        return AbsentScorer()
