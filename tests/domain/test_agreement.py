from uuid import UUID

import pytest

from moderation.domain.agreement import (
    Agreement,
    Answer,
    is_drawn,
    measure,
    measure_decisions,
    measure_labels,
)
from moderation.domain.decision import Decision
from moderation.domain.verdict import Label
from moderation.storage.identity import new_id
from tests.factories import MONDAY


def test_kappa_is_that_of_the_textbook() -> None:
    # Fleiss, Levin and Paik: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no.
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10
    pairs += [(False, False)] * 15

    found = measure(pairs)

    assert (found.pairs, found.agreed) == (50, 35)
    assert found.kappa == pytest.approx(0.4)


def test_perfect_and_opposite_answers() -> None:
    assert measure([(True, True), (False, False)]).kappa == 1.0
    assert measure([(True, False), (False, True)]).kappa == -1.0


def test_kappa_is_unknown_without_pairs_or_variety() -> None:
    assert measure([]) == Agreement(0, 0, None)
    assert measure([(True, True), (True, True)]) == Agreement(2, 2, None)


def test_labels_are_measured_one_by_one() -> None:
    abuse, both, clean = (
        Answer(Decision.REJECT, frozenset({Label.ABUSE})),
        Answer(Decision.REJECT, frozenset({Label.ABUSE, Label.HATE})),
        Answer(Decision.APPROVE, frozenset()),
    )
    pairs = [(abuse, both), (clean, clean)]

    assert measure_decisions(pairs).kappa == 1.0
    assert measure_labels(pairs)[Label.ABUSE].kappa == 1.0
    assert measure_labels(pairs)[Label.HATE] == Agreement(2, 1, 0.0)


def test_about_the_share_asked_for_is_drawn() -> None:
    drawn = sum(is_drawn(new_id(MONDAY), 0.05) for _ in range(20_000))

    assert 800 < drawn < 1200
    assert is_drawn(UUID(int=0), 0.02)
    assert not is_drawn(UUID(int=2**128 - 1), 0.05)
