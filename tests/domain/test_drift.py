import pytest

from moderation.domain.drift import (
    EDGES,
    FEWEST_COMMENTS,
    FEWEST_DECISIONS,
    LEVELS,
    Kind,
    Marked,
    Measure,
    compare_scores,
    histogram,
    measure_overturned,
    read_spread,
    stability,
)
from moderation.domain.verdict import LABELS, Label

CALM = [900, 40, 20, 10, 10, 5, 5, 4, 3, 3]
STORMY = [500, 40, 20, 10, 10, 5, 5, 100, 155, 155]
FEW = [FEWEST_COMMENTS - 1, *[0] * len(EDGES)]


def test_a_histogram_puts_a_score_into_the_bin_that_ends_above_it() -> None:
    assert histogram([0.0, 0.009, 0.01, 0.05, 0.9, 1.0]) == [2, 1, 0, 1, 0, 0, 0, 0, 0, 2]
    assert sum(histogram(EDGES)) == len(EDGES)


def test_the_same_shares_are_stable_whatever_their_number() -> None:
    assert stability(CALM, CALM) == 0
    assert stability(CALM, [10 * count for count in CALM]) < 0.01


def test_a_wave_of_high_scores_moves_the_index_over_its_level() -> None:
    assert stability(CALM, STORMY) > LEVELS[Kind.SCORES]


def test_the_index_is_the_sum_over_bins() -> None:
    assert stability([50, 50], [80, 20]) == pytest.approx(
        (80.5 / 101 - 0.5) * 0.46633 + (20.5 / 101 - 0.5) * -0.90148, abs=1e-4
    )


def test_too_few_comments_on_either_side_say_nothing() -> None:
    enough = dict.fromkeys(LABELS, CALM)
    few = dict.fromkeys(LABELS, FEW)

    assert [one.now for one in compare_scores(enough, few)] == [None] * len(LABELS)
    assert [one.now for one in compare_scores(few, enough)] == [None] * len(LABELS)
    assert not any(one.warns for one in compare_scores(enough, few))


def test_only_the_label_that_moved_warns() -> None:
    then = dict.fromkeys(LABELS, CALM)

    found = compare_scores(then, {**then, Label.SPAM: STORMY})

    assert [one.name for one in found if one.warns] == ["spam"]


def answers(published: int, rejected: int, score: float, section: str = "Daerah") -> list[Marked]:
    return [
        Marked(section, {Label.ABUSE: score}, publish)
        for publish, count in ((True, published), (False, rejected))
        for _ in range(count)
    ]


def test_people_who_publish_what_the_scores_promised_do_not_warn() -> None:
    found = measure_overturned(answers(70, 30, 0.3), 5)

    abuse = next(one for one in found if one.name == "abuse")
    assert abuse.now == 0.7
    assert abuse.before == pytest.approx(0.7)
    assert not any(one.warns for one in found)


def test_people_who_publish_far_more_than_promised_warn_by_label_and_section() -> None:
    found = measure_overturned(answers(95, 5, 0.7) + answers(10, 40, 0.7, "Olahraga"), 5)

    assert [(one.kind, one.name) for one in found if one.warns] == [
        (Kind.OVERTURNED_LABEL, "abuse"),
        (Kind.OVERTURNED_SECTION, "Daerah"),
    ]


def test_few_decisions_say_nothing_and_only_the_largest_sections_are_measured() -> None:
    few = answers(FEWEST_DECISIONS - 1, 0, 0.9, "Gaya")
    found = measure_overturned(few + answers(20, 20, 0.5), 1)

    assert [one.name for one in found if one.kind is Kind.OVERTURNED_SECTION] == ["Daerah"]
    (gaya,) = [one for one in measure_overturned(few, 1) if one.kind is Kind.OVERTURNED_SECTION]
    assert (gaya.now, gaya.count) == (None, FEWEST_DECISIONS - 1)


def test_a_measure_warns_above_its_level_only() -> None:
    level = LEVELS[Kind.FOLDED]

    assert not Measure(Kind.FOLDED, "", 0.02 + level / 2, 0.02, 1000).warns
    assert Measure(Kind.FOLDED, "", 0.02 + level * 2, 0.02, 1000).warns


def test_histograms_of_a_manifest_are_read_or_refused() -> None:
    assert read_spread(dict.fromkeys(LABELS, CALM))[Label.HATE] == CALM
    with pytest.raises(ValueError, match="10 bins"):
        read_spread({label: [1, 2] for label in LABELS})
    with pytest.raises(KeyError):
        read_spread({})
