"""What one word of a family teaches holds for the others, and serving needs no families."""

import numpy as np
from sklearn.svm import LinearSVC

from moderation.domain.scorer import Passage
from training import pipeline
from training.families import Families, read_families

TAUGHT = ["goblok sekali warga itu", "sore ini hujan"] * 5
UNSEEN = ["bloon sekali warga itu"]


def test_no_family_is_empty_and_no_word_stands_twice_in_one() -> None:
    families = read_families()

    assert all(families.values())
    assert all(len(set(words)) == len(words) for words in families.values())


def test_a_word_learns_from_its_family() -> None:
    read = pipeline.extracts([Passage(text) for text in [*TAUGHT, *UNSEEN]])
    space = pipeline.learn_space(read, at_least=1)
    table, families = pipeline.matrix(read, space), Families.of(space)
    target = np.array([True, False] * 5)

    plain = LinearSVC(random_state=0).fit(table[:10], target)
    head = LinearSVC(random_state=0).fit(families.widen(table[:10]), target)
    folded = families.fold_head(head)

    alone = table[10:].copy()
    alone.data[np.isin(alone.indices, table[:10].indices)] = 0
    assert (alone @ folded.coef_[0])[0] > (alone @ plain.coef_[0])[0]


def test_a_folded_head_gives_the_margins_of_the_widened_rows() -> None:
    read = pipeline.extracts([Passage(text) for text in TAUGHT])
    space = pipeline.learn_space(read, at_least=1)
    table, families = pipeline.matrix(read, space), Families.of(space)
    head = LinearSVC(random_state=0).fit(families.widen(table), np.array([True, False] * 5))
    expected = head.decision_function(families.widen(table))

    assert np.allclose(families.fold_head(head).decision_function(table), expected)


def test_inflected_forms_belong_to_their_words_family() -> None:
    read = pipeline.extracts([Passage("dibakarnya rumah itu"), Passage("sore ini hujan")])
    space = pipeline.learn_space(read, at_least=1)
    violence = list(read_families()).index("violence")

    assert Families.of(space).members[:, violence].sum() == 1
