"""What the fault tests let gunicorn serve: the whole service with a scorer that obeys words."""

import os
import time
from collections.abc import Sequence

from moderation.app import create_app
from moderation.domain.scorer import Passage, Reading
from moderation.settings import Settings
from moderation.telemetry import logs
from tests.factories import FakeScorer
from tests.faults.server import SLOW_WORD

SLOW_S = 0.3


class ObedientScorer(FakeScorer):
    """Takes its time for a text that says so."""

    def read(self, passages: Sequence[Passage]) -> list[Reading]:
        if any(SLOW_WORD in passage.text for passage in passages):
            time.sleep(SLOW_S)
        return super().read(passages)


logs.configure()
app = create_app(Settings.from_environ(os.environ), scorer=ObedientScorer())
