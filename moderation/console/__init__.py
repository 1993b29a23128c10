"""The moderators' pages, in Bahasa Indonesia."""

from flask import Flask

from moderation.console import (
    auth,
    campaigns,
    deciding,
    desk,
    errors,
    focus,
    holding,
    languages,
    listing,
    navigation,
    personal,
    resting,
    searching,
    second_factor,
    second_step,
    views,
    wording,
)
from moderation.pages import harden

# Each of these hangs its pages on the blueprint of ``views``.
_PAGES = (listing, focus, holding, deciding, personal, resting, searching, second_factor)
# And this one on that of ``auth``.
_LOGIN_PAGES = (second_step,)
_PARTS = (auth.blueprint, campaigns.blueprint, desk.blueprint, views.blueprint)

for _part in _PARTS:
    _part.after_request(harden)
    errors.register(_part)


def register(app: Flask) -> None:
    """Serve the console under ``/console``."""
    for part in _PARTS:
        app.register_blueprint(part)
    auth.login_manager.init_app(app)
    languages.register(app)
    navigation.register(app)
    wording.register(app)
