"""Disguised copies stay readable once unmasked, and keep their group and labels."""

import random

import pytest

from moderation.classifier.unmask import unmask
from moderation.domain.scorer import Passage
from moderation.domain.verdict import Label
from training.augment import SITE_NAME, augmented, disguised, invented_name, renamed
from training.examples import Example, folded

TEXT = "Daftar sekarang juga di mawar88, bonus besar menanti semua anggota"


def _spam(text: str) -> Example:
    return Example(Passage(text), {Label.SPAM: True}, "corpus", folded(text))


def test_an_invented_name_has_the_shape_of_a_site_name() -> None:
    rng = random.Random(1)

    names = [invented_name(rng) for _ in range(200)]

    assert len(set(names)) > 150
    assert sum(SITE_NAME.fullmatch(name) is not None for name in names) > 150


def test_a_renamed_text_names_another_site() -> None:
    other = renamed(TEXT, random.Random(2))

    assert other is not None
    assert "mawar88" not in other
    assert renamed("tanpa nama situs", random.Random(2)) is None


@pytest.mark.parametrize("seed", range(30))
def test_a_disguised_text_is_changed_but_never_emptied(seed: int) -> None:
    other = disguised(TEXT, random.Random(seed))

    assert unmask(other).text.strip()
    assert len(folded(unmask(other).text)) > len(folded(TEXT)) * 0.5


def test_copies_keep_group_and_labels_and_are_the_same_every_time() -> None:
    rows = [_spam(f"{TEXT} {number}") for number in range(40)]

    made = list(augmented(rows))

    assert made
    assert {row.group for row in made} <= {row.group for row in rows}
    assert all(row.known == {Label.SPAM: True} for row in made)
    assert [row.passage.text for row in augmented(rows)] == [row.passage.text for row in made]
