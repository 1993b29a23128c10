"""The moderators' pages, in Bahasa Indonesia."""

from flask import Flask

from moderation.console import auth, campaigns, errors, views, wording
from moderation.pages import harden

_PARTS = (auth.blueprint, campaigns.blueprint, views.blueprint)

for _part in _PARTS:
    _part.after_request(harden)
    errors.register(_part)


def register(app: Flask) -> None:
    """Serve the console under ``/console``."""
    for part in _PARTS:
        app.register_blueprint(part)
    auth.login_manager.init_app(app)
    wording.register(app)
