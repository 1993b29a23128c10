"""Near-copies are one group, whatever source they stand in."""

from moderation.domain.scorer import Passage
from moderation.domain.verdict import Label
from training.examples import Example, folded
from training.near_copies import clusters, grouped

LONG = "Daftar sekarang di rumah merpati, bonus anggota baru seratus persen, cair hari ini juga"


def _example(text: str, source: str) -> Example:
    return Example(Passage(text), {Label.SPAM: True}, source, folded(text))


def test_a_text_with_two_words_changed_is_a_near_copy() -> None:
    other = LONG.replace("hari ini", "malam ini")

    heads = clusters([LONG, "Jalan desa kami rusak sejak tahun lalu", other])

    assert heads.tolist() == [0, 1, 0]


def test_near_copies_from_two_sources_share_a_group() -> None:
    rows = grouped([_example(LONG, "one"), _example(LONG.upper() + "!!", "two")])

    assert rows[0].group == rows[1].group


def test_empty_texts_are_no_trouble() -> None:
    assert clusters(["", "!!", "a"]).size == 3
