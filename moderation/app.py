"""The composition root: the only module that knows every part."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from wsgiref.types import StartResponse, WSGIEnvironment

from apiflask import APIFlask
from flask import Flask, request
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from moderation import adapters, console, demo, runtime
from moderation.api import (
    campaigns,
    comments,
    complaints,
    docs,
    health,
    metrics,
    parsing,
    problems,
    queue,
    rules,
)
from moderation.api.sessions import PagesOnlySessions
from moderation.api.shortcut import Shortcut
from moderation.classifier.absent import AbsentScorer
from moderation.classifier.artifact import load_champion, load_version
from moderation.classifier.succession import Succession
from moderation.domain.scorer import Scorer
from moderation.errors import ArtefactError
from moderation.services.access import LONGEST_SHIFT, KeyRing
from moderation.services.changes import ChangeWatch
from moderation.services.consulting import Counsel
from moderation.services.intake import Intake
from moderation.services.policies import PolicyBook
from moderation.services.rate_limits import RateLimits
from moderation.services.shadowing import Shadow
from moderation.services.spot_checks import SpotChecks
from moderation.settings import Settings
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from moderation.telemetry.edge import ROUTE, Answered, Edge, Many
from moderation.telemetry.gate import Gate

LARGEST_BODY = 2_000_000
WAITING_A_PLACE = 2
PATIENCE_S = 5.0
_SUCCESSION = "moderation.succession"

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
        # A browser takes a cookie of the first name only over HTTPS, from this very host.
        SESSION_COOKIE_NAME="__Host-moderasi" if settings.secure_cookies else "moderasi",
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
    pseudonyms = Pseudonyms(settings.secret_key)
    runtime.install(
        app,
        runtime.Runtime(
            settings=settings,
            database=database,
            scorer=champion,
            intake=Intake(
                database,
                champion,
                pseudonyms,
                Counsel(database),
                PolicyBook(database),
                SpotChecks(pseudonyms, settings.spot_check_share),
                _load_challenger(settings, database),
            ),
            key_ring=KeyRing(database),
            rate_limits=RateLimits(
                settings.rate_limit_storage,
                per_key=settings.rate_limit_per_key,
                per_address=settings.rate_limit_per_address,
            ),
            changes=ChangeWatch(),
            clock=clock,
        ),
    )
    app.session_interface = PagesOnlySessions()
    parsing.install()
    problems.register(app)
    csrf = CSRFProtect()
    for part in (comments, queue, rules, campaigns, complaints, health, metrics, docs):
        app.register_blueprint(part.blueprint)
        # Spoken to with keys, never with a browser's cookie; every page is protected.
        csrf.exempt(part.blueprint)
    for blueprint in adapters.blueprints:
        app.register_blueprint(blueprint)
        csrf.exempt(blueprint)
    csrf.init_app(app)
    docs.describe(app)
    console.register(app)
    if settings.demo:
        app.register_blueprint(demo.blueprint)
    if scorer is None:
        hand_over = partial(runtime.crown, app)
        app.extensions[_SUCCESSION] = Succession(settings.models_dir, champion.version, hand_over)
    _watch(app, settings)
    return app


def follow_champion(app: Flask) -> None:
    """Take over every new champion from now on; called by each process that answers.

    Not earlier, for a thread does not survive a fork, and a worker that starts late must not
    begin with the champion of the day the server started.
    """
    succession = app.extensions.get(_SUCCESSION)
    if succession is not None:
        succession.follow()


def _watch(app: Flask, settings: Settings) -> None:
    """Give each request an id, a line in the log, and a place among those worked on."""

    def leave_route() -> None:
        request.environ[ROUTE] = str(request.url_rule or "-")

    # In front of every other: what answers early must be named in the log as well.
    app.before_request_funcs.setdefault(None, []).insert(0, leave_route)
    shortcut = Shortcut(app, app.wsgi_app)
    app.wsgi_app = shortcut  # type: ignore[method-assign]
    many: Many = shortcut.answer_all
    if settings.proxies:
        trusted = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=trusted, x_proto=trusted
        )
        many = partial(_behind_proxies, ProxyFix(_nowhere, x_for=trusted, x_proto=trusted), many)
    at_once = settings.requests_at_once
    gate = Gate(at_once=at_once, waiting=WAITING_A_PLACE * at_once, patience_s=PATIENCE_S)
    app.wsgi_app = Edge(  # type: ignore[method-assign]
        app.wsgi_app, gate, largest_body=LARGEST_BODY, many=many
    )


def _behind_proxies(
    fix: ProxyFix, many: Many, environs: Sequence[WSGIEnvironment]
) -> Sequence[Answered | None]:
    """Answer several requests as those who sent them, not the proxy, have asked."""
    for environ in environs:
        fix(environ, _nothing)
    return many(environs)


def _nowhere(_environ: WSGIEnvironment, _start_response: StartResponse) -> Iterable[bytes]:
    return ()


def _nothing(*_: object) -> Callable[[bytes], object]:
    raise AssertionError("nothing is answered here")


def _load_champion(settings: Settings) -> Scorer:
    """Load the champion; without one the service runs on, and every comment waits for a person."""
    try:
        return load_champion(settings.models_dir)
    except ArtefactError:
        logger.exception("no champion: every comment will wait for a person")
        return AbsentScorer()


def _load_challenger(settings: Settings, database: Database) -> Shadow | None:
    """Load what reads beside the champion; nothing waits for it, so the service runs without it."""
    if not settings.shadow_model:
        return None
    try:
        challenger = load_version(settings.models_dir, settings.shadow_model)
    except ArtefactError:
        logger.exception("no challenger %s", settings.shadow_model)
        return None
    return Shadow(database, challenger, settings.shadow_share)
