"""The language of the console: Indonesian, which it is written in, or English by a switch."""

import json
from pathlib import Path

from flask import Flask, has_request_context, session
from markupsafe import Markup, escape

LANGUAGES = ("id", "en")
# The console's phrases in English, by the Indonesian ones its pages are written in.
ENGLISH: dict[str, str] = json.loads(
    Path(__file__).with_name("english.json").read_text(encoding="utf-8")
)
# Those that English says otherwise where ``count`` is one; Indonesian knows no such difference.
ENGLISH_OF_ONE: dict[str, str] = json.loads(
    Path(__file__).with_name("english_of_one.json").read_text(encoding="utf-8")
)
_IN_SESSION = "language"


def language() -> str:
    """Return the language of the present page."""
    chosen = session.get(_IN_SESSION) if has_request_context() else None
    return chosen if chosen in LANGUAGES else "id"


def speak(chosen: str) -> None:
    """Use a language for the rest of the session."""
    session[_IN_SESSION] = chosen


def say(text: str, /, **values: object) -> str:
    """Return a phrase of ours in the page's language, with values put in, escaped.

    What nobody has translated yet stays Indonesian.
    """
    found = text
    if language() == "en":
        found = ENGLISH.get(text, text)
        if str(values.get("count")) == "1":
            found = ENGLISH_OF_ONE.get(text, found)
    # The phrase is a constant of this package; whatever others wrote comes in as a value.
    return Markup(found).format(**values) if values else found  # noqa: S704 # nosec B704


def bdi(text: str) -> Markup:
    """Return a name so that its direction cannot spill into our phrase."""
    return Markup("<bdi>{}</bdi>").format(escape(text))


def register(app: Flask) -> None:
    """Give the templates their phrases."""
    app.jinja_env.globals.update(_=say, language=language, bdi=bdi)
