"""Measure how far today's comments are from those the champion began with."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from moderation.domain.drift import (
    FEWEST_COMMENTS,
    PRESENT,
    REFERENCE,
    Kind,
    Measure,
    Spread,
    compare_scores,
    measure_overturned,
)
from moderation.domain.overview import Period
from moderation.domain.scorer import Passage, Scorer
from moderation.storage import drift
from moderation.storage.drift import Place, Text

logger = logging.getLogger(__name__)

DECIDED_WITHIN = timedelta(days=28)
MOST_SCORES = 20_000
MOST_TEXTS = 1_000
MOST_DECISIONS = 5_000
MOST_SECTIONS = 20


def measure(tx: sa.Connection, scorer: Scorer, place: Place, *, now: datetime) -> list[Measure]:
    """Return every measure of one newsroom, or of all; those without enough comments say so.

    Scores are compared with the histograms in the model's manifest where it holds some, else,
    as texts always are, with the model's first days.
    """
    version, origin = scorer.version, scorer.origin
    first = drift.find_first(tx, version, origin.created) or now
    began = Period(first, min(first + REFERENCE, now))
    today = Period(max(now - PRESENT, began.end), now)

    def spread(period: Period) -> Spread:
        return drift.count_scores(tx, version, period, place, limit=MOST_SCORES)

    reference = origin.spread or spread(began)
    if origin.spread:
        today = Period(now - PRESENT, now)
    decided = drift.list_marked(
        tx, version, Period(now - DECIDED_WITHIN, now), place, limit=MOST_DECISIONS
    )
    then, present = (_texts(tx, version, period, place) for period in (began, today))
    return [
        *compare_scores(reference, spread(today)),
        *_compare_texts(scorer, then, present),
        *measure_overturned(decided, MOST_SECTIONS),
    ]


def _texts(tx: sa.Connection, version: str, period: Period, place: Place) -> list[Text]:
    return list(drift.list_texts(tx, period, place, limit=MOST_TEXTS, model_version=version))


def _compare_texts(scorer: Scorer, then: Sequence[Text], now: Sequence[Text]) -> list[Measure]:
    if min(len(then), len(now)) < FEWEST_COMMENTS:
        return [Measure(kind, "", None, 0.0, len(now)) for kind in (Kind.FOLDED, Kind.UNKNOWN)]
    return [
        Measure(Kind.FOLDED, "", _folded(now), _folded(then), len(now)),
        _measure_unknown(scorer, then, now),
    ]


def _folded(texts: Sequence[Text]) -> float:
    """Return the share of written characters that are gone from the text as read."""
    written = sum(len(text.written) for text in texts)
    gone = sum(
        (Counter(text.written.casefold()) - Counter(text.read_as.casefold())).total()
        for text in texts
    )
    return gone / written if written else 0.0


def _measure_unknown(scorer: Scorer, then: Sequence[Text], now: Sequence[Text]) -> Measure:
    """Let the model read both again; one that fails costs this figure and no other."""
    try:
        return Measure(Kind.UNKNOWN, "", _unknown(scorer, now), _unknown(scorer, then), len(now))
    except Exception:
        logger.exception("texts could not be read again")
        return Measure(Kind.UNKNOWN, "", None, 0.0, len(now))


def _unknown(scorer: Scorer, texts: Sequence[Text]) -> float:
    """Return the share of words outside the model's vocabulary, each comment weighing the same."""
    readings = scorer.read([Passage(text.written) for text in texts])
    return 1 - sum(reading.known_share for reading in readings) / len(readings)
