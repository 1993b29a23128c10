"""What gunicorn serves: ``gunicorn wsgi:app``."""

import os
import sys

from moderation.app import create_app
from moderation.errors import SettingsError
from moderation.settings import Settings
from moderation.telemetry import logs

logs.configure()
try:
    app = create_app(Settings.from_environ(os.environ))
except SettingsError as error:
    sys.exit(str(error))
