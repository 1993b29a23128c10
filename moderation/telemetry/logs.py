"""Log lines as JSON: one object a line, a request's id on each, nothing readers wrote."""

import json
import logging
import logging.config
import sqlite3
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from moderation.errors import ArtefactError, SettingsError

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")

_LONGEST = 500
_DEEPEST = 12
_BUILT_IN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# The server's own lines about requests it could not read quote them, and name the address.
_QUOTES_REQUESTS = ("Invalid request from", "Error handling request", "Invalid HTTP")


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON.

    JSON escapes line breaks and control characters, so no value can forge a line. Messages of
    unexpected exceptions are left out: they may hold what a reader wrote. Type and place stay.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if request_id := REQUEST_ID.get():
            line["request_id"] = request_id
        for name, value in record.__dict__.items():
            if name not in _BUILT_IN:
                line[name] = value if isinstance(value, int | float) else str(value)[:_LONGEST]
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = describe(record.exc_info[1])
        return json.dumps(line)


def describe(error: BaseException) -> dict[str, Any]:
    """Return an exception's type and place, its cause, and its message where that is harmless."""
    told: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
    if message := _harmless_message(error):
        told["message"] = message
    frames = traceback.extract_tb(error.__traceback__)[-_DEEPEST:]
    told["trace"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and cause is not error:
        told["cause"] = {key: value for key, value in describe(cause).items() if key != "trace"}
    return told


def configuration(level: str = "INFO") -> dict[str, Any]:
    """Return what ``logging.config.dictConfig`` needs; gunicorn takes the same."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"level": level, "handlers": ["stderr"]},
        "loggers": {
            "alembic": {"level": "WARNING"},
            "gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False},
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        },
    }


def configure() -> None:
    """Write every log line of this process as JSON to standard error."""
    logging.config.dictConfig(configuration())
    # Not told by our lines, and a fifth of what a line costs (logging HOWTO, "Optimization").
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def _message(record: logging.LogRecord) -> str:
    message = record.getMessage()
    if record.name == "gunicorn.error" and message.startswith(_QUOTES_REQUESTS):
        return "a request could not be read"
    return message[:_LONGEST]


def _harmless_message(error: BaseException) -> str:
    """Return the message of an exception that never quotes a value, else nothing."""
    if isinstance(error, ArtefactError | SettingsError | OSError | sqlite3.Error):
        return str(error)[:_LONGEST]
    if isinstance(error, sa.exc.OperationalError) and error.orig is not None:
        return str(error.orig).partition("\n")[0][:_LONGEST]
    return ""
