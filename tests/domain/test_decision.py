from datetime import timedelta

import pytest

from moderation.domain.decision import Decision, Ruling, Source, grace_for
from tests.factories import MONDAY

UNDO = timedelta(seconds=10)


@pytest.mark.parametrize("source", [Source.API, Source.SITE])
def test_only_the_console_can_undo(source: Source) -> None:
    assert grace_for(source, UNDO) == timedelta()
    assert grace_for(Source.CONSOLE, timedelta()) == timedelta()


@pytest.mark.parametrize(
    ("seconds", "undoable", "effective"),
    [(0, True, False), (10, True, False), (11, False, False), (12, False, True)],
)
def test_a_decision_is_effective_a_while_after_it_can_no_longer_be_undone(
    seconds: int, undoable: bool, effective: bool
) -> None:
    grace = grace_for(Source.CONSOLE, UNDO)
    ruling = Ruling(Decision.APPROVE, (), "", "sari", Source.CONSOLE, MONDAY, grace)
    now = MONDAY + timedelta(seconds=seconds)

    assert (ruling.is_undoable(now), ruling.is_effective(now)) == (undoable, effective)


def test_a_decision_without_grace_is_effective_at_once_and_final() -> None:
    ruling = Ruling(Decision.APPROVE, (), "", "wp-admin", Source.SITE, MONDAY)

    assert ruling.is_effective(MONDAY)
    assert not ruling.is_undoable(MONDAY)
