"""The held-back slice is the latest, and no group is on both sides."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.scorer import Passage
from tests.factories import MONDAY
from training.dataset.conflicts import finding_of
from training.dataset.making import _rows
from training.dataset.rows import Split
from training.dataset.splitting import split_groups
from training.dataset.statements import Statement, Voice

HOURS = st.one_of(st.none(), st.integers(0, 50))


@given(st.lists(st.tuples(st.integers(0, 12), HOURS), min_size=1), st.floats(0, 0.5))
def test_no_group_crosses_and_what_is_held_came_last(
    drawn: list[tuple[int, int | None]], share: float
) -> None:
    grouped = []
    for at, (group, hour) in enumerate(drawn):
        came = None if hour is None else MONDAY + timedelta(hours=hour)
        said = Statement(str(at), 0, Voice.SITE, Passage("ya"), {}, None, came, came, "kabar")
        grouped.append((finding_of(said), f"g{group}"))

    rows = _rows(grouped, share)

    sides: dict[str, set[Split]] = {}
    for row in rows:
        sides.setdefault(row.group, set()).add(row.split)
    assert all(len(found) == 1 for found in sides.values())
    firsts = {
        group: min((row.at for row in rows if row.group == group and row.at), default=None)
        for group in sides
    }
    held = [firsts[group] for group, side in sides.items() if side == {Split.HELD}]
    trained = [at for group, at in firsts.items() if sides[group] == {Split.TRAIN} and at]
    assert None not in held
    if held and trained:
        assert min(at for at in held if at) > max(trained)
    dated = sum(at is not None for at in firsts.values())
    assert len(held) <= share * dated + 1e-9


def test_a_fifth_is_held() -> None:
    firsts = {str(hour): MONDAY + timedelta(hours=hour) for hour in range(10)}

    sides = split_groups(firsts)

    assert [group for group, side in sides.items() if side is Split.HELD] == ["8", "9"]
