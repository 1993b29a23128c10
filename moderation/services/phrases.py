"""Name what suddenly surges in a newsroom's comments."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa

from moderation.domain.overview import Period
from moderation.domain.phrases import Surge, find_surges
from moderation.domain.words import words_of
from moderation.storage import drift
from moderation.storage.drift import Place

RECENT = timedelta(days=2)
EARLIER = timedelta(days=28)
MOST_RECENT, MOST_EARLIER = 2_000, 6_000


def find_new(tx: sa.Connection, place: Place, *, now: datetime) -> list[Surge]:
    """Return the phrases of the last two days that the four weeks before hardly held.

    Texts are compared as read, so that a disguised name counts as the name.
    """
    began = now - RECENT
    recent = Period(began, now)
    earlier = Period(began - EARLIER, began)
    return find_surges(
        _words(tx, recent, place, MOST_RECENT), _words(tx, earlier, place, MOST_EARLIER)
    )


def _words(tx: sa.Connection, period: Period, place: Place, limit: int) -> Iterator[list[str]]:
    for text in drift.list_texts(tx, period, place, limit=limit):
        yield words_of(text.read_as)
