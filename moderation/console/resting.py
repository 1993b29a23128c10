"""A nudge to rest after a run of heavy comments, as long a run as each person likes."""

from collections.abc import Collection
from datetime import datetime, timedelta

from flask import abort, flash, request, session
from flask.typing import ResponseReturnValue

from moderation.console.personal import go_back, write_preference
from moderation.console.views import blueprint, read_preferences
from moderation.domain.verdict import Label

HEAVY = frozenset({Label.HATE, Label.THREAT, Label.SEXUAL})
RUNS = (0, 10, 20, 40)
USUAL_RUN = 20
PAUSE = timedelta(minutes=15)
_IN_SESSION = "heavy"


def note_decided(labels: Collection[Label], now: datetime) -> None:
    """Count a decided comment if it was heavy, and suggest a rest where the run is long enough.

    Whoever has paused has rested: their run begins anew.
    """
    if not HEAVY & set(labels):
        return
    count, last = session.get(_IN_SESSION, (0, 0))
    rested = now.timestamp() - last > PAUSE.total_seconds()
    count = 1 if rested else count + 1
    wanted = read_preferences().get("rest", USUAL_RUN)
    if wanted and count >= wanted:
        flash("Anda sudah meninjau banyak komentar berat. Istirahatlah sebentar.", "info")
        count = 0
    session[_IN_SESSION] = (count, int(now.timestamp()))


@blueprint.post("/me/rest")
def set_rest() -> ResponseReturnValue:
    """Choose after how many heavy comments a rest is suggested; 0 is never."""
    wanted = request.form.get("rest", type=int)
    if wanted not in RUNS:
        abort(400)
    write_preference("rest", wanted)
    return go_back()


@blueprint.app_template_global("rest_choices")
def rest_choices() -> tuple[int, tuple[int, ...]]:
    """Return what the present person has chosen, and what there is to choose."""
    return read_preferences().get("rest", USUAL_RUN), RUNS
