from moderation.domain.phrases import FEWEST, MOST_NAMED, find_surges

ORDINARY = [["berita", "ini", "bagus", "sekali"], ["harga", "beras", "naik", "lagi"]] * 50


def test_a_new_name_is_named_with_its_counts() -> None:
    new = [["berita", "di", "mawar88", "ya"]] * 6

    (surge,) = find_surges(ORDINARY + new, ORDINARY * 4)

    assert surge.phrase == "mawar88"
    assert (surge.recent, surge.earlier) == (6, 0)


def test_a_new_pair_of_old_words_is_named_as_a_pair() -> None:
    before = [["kebun", "bunga"], ["rumah", "hantu"]] * 60
    new = [["kebun", "hantu"]] * 12

    assert [surge.phrase for surge in find_surges(before[:40] + new, before)] == ["kebun hantu"]


def test_a_word_that_stands_in_its_pair_alone_is_named_once() -> None:
    new = [["gacor", "mantul"]] * 10

    assert [surge.phrase for surge in find_surges(ORDINARY + new, ORDINARY * 4)] == ["gacor mantul"]


def test_few_comments_and_usual_words_are_not_named() -> None:
    rare = [["mawar88"]] * (FEWEST - 1)
    usual = [["berita", "bagus"]] * 40

    assert find_surges(ORDINARY + rare, ORDINARY * 4) == []
    assert find_surges(usual, usual * 4) == []


def test_one_comment_that_repeats_a_word_counts_once() -> None:
    assert find_surges([*ORDINARY, ["mawar88"] * 50], ORDINARY * 4) == []


def test_numbers_are_no_names() -> None:
    assert find_surges(ORDINARY + [["2026", "11"]] * 20, ORDINARY) == []


def test_the_surest_come_first_and_the_list_ends() -> None:
    new = [[f"situs{number}"] for number in range(30) for _ in range(10 + number)]

    found = find_surges(ORDINARY + new, ORDINARY * 4)

    assert len(found) == MOST_NAMED
    assert found[0].phrase == "situs29"


def test_without_anything_earlier_nothing_is_new() -> None:
    assert find_surges(ORDINARY, []) == []
