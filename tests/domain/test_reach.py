from moderation.domain.reach import EVERYWHERE, Reach


def test_a_section_is_covered_by_itself_or_by_its_site() -> None:
    reach = Reach.of([(1, "Dunia"), (2, "")])

    assert reach.covers(1, "Dunia")
    assert not reach.covers(1, "Daerah")
    assert reach.covers(2, "Daerah")
    assert not reach.covers(3, "")
    assert EVERYWHERE.covers(3, "")


def test_nothing_named_is_nothing_covered() -> None:
    assert not Reach.of([]).covers(1, "")
