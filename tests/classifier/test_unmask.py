"""Unmasking undoes disguises and leaves honest text alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.classifier.disguises import Trick
from moderation.classifier.unmask import unmask, unmask_all

DISGUISED = [
    ("𝐒𝐋𝐎𝐓 𝐆𝐀𝐂𝐎𝐑", "SLOT GACOR"),
    ("ＳＬＯＴ gacor", "SLOT gacor"),
    ("🅂🄻🄾🅃 hari ini", "SLOT hari ini"),
    ("ⓢⓛⓞⓣ hari ini", "slot hari ini"),
    ("ꜱʟᴏᴛ hari ini", "slot hari ini"),
    ("ѕlоt gacor", "slot gacor"),
    ("S҉L҉O҉T҉ gacor", "SLOT gacor"),
    ("s\u200bl\u200bo\u200bt gacor", "slot gacor"),
    ("dasar g o b l o k", "dasar goblok"),
    ("dasar g.o.b.l.o.k", "dasar goblok"),
    ("s🔥l🔥o🔥t gacor", "slot gacor"),
    ("main sl0t g4c0r", "main slot gacor"),
    ("anjiiiing kau", "anjing kau"),
    ("<b>slot</b> gacor", "slot gacor"),
    ("[b]slot[/b] gacor", "slot gacor"),
    ("sl&#111;t gacor", "slot gacor"),
    ("s\u202elo\u202ct gacor", "slot gacor"),
    ("\ud406\ud400\ud402\ud40e\ud411 tiap hari", "GACOR tiap hari"),
    ("\uf142\uf13b\uf13e\uf143 tiap hari", "SLOT tiap hari"),
]
HONEST = [
    "Harga beras naik Rp5rb per kilo sejak 12/11/2026, jam 20.00 masih antre.",
    "Timnas menang 3-1, G20 digelar di Bali, jalan2 ke3 RT 05/RW 12.",
    "Wong cilik kuwi butuh gawean, dudu janji; piyé iki, Lur?",
    "Abdi mah teu ngartos, naha hargana naék deui, Kang?",
    "السلام عليكم ورحمة الله وبركاته",
    "习近平 dan 山田太郎 bicara soal Россия",
    "Semangat! 💪🔥👨‍👩‍👧‍👦 🇮🇩",
    "Pasal 27 ayat (3), luas 100 m², suhu 30°C, Raja Charles III.",
    "Maaf, saya tidak setuju dengan Bapak.",
    "PS5an bareng, nomornya 0800-123-4567, surel redaksi@example.id",
    "하하하하 화해해요 한국 후회했다 호호호호",
]


@pytest.mark.parametrize(("written", "meant"), DISGUISED)
def test_a_disguise_is_read_as_it_was_meant(written: str, meant: str) -> None:
    assert unmask(written).text.split() == meant.split()


@pytest.mark.parametrize(("written", "meant"), DISGUISED)
def test_how_much_was_folded_is_counted(written: str, meant: str) -> None:
    assert sum(unmask(written).folds.values()) > 0


@pytest.mark.parametrize("text", HONEST)
def test_honest_text_stays_as_written(text: str) -> None:
    assert unmask(text).text == text
    assert not unmask(text).folds


@given(st.text())
def test_any_text_can_be_unmasked_and_twice_is_once(text: str) -> None:
    once = unmask(text).text

    assert unmask(once).text == once


@given(st.text(alphabet="aаsѕ1l0о.-_ \u200b\u0336<b>[/]&;#x𝐚", max_size=60))
def test_hostile_mixtures_are_stable_and_every_position_is_in_the_text(text: str) -> None:
    unmasked = unmask(text)

    assert unmask(unmasked.text).text == unmasked.text
    for at in range(len(unmasked.text)):
        start, end = unmasked.span_as_written(at, at + 1)
        assert 0 <= start <= end <= len(text)


def test_a_span_covers_the_decorated_word_as_written() -> None:
    unmasked = unmask("ayo main 𝐬𝐥𝐨𝐭 sekarang")
    start = unmasked.text.index("slot")

    begin, end = unmasked.span_as_written(start, start + 4)

    assert unmasked.written[begin:end] == "𝐬𝐥𝐨𝐭"


def test_many_texts_at_once_are_read_as_each_alone() -> None:
    texts = [written for written, _ in DISGUISED] + HONEST + ["", " "]

    together, _ = unmask_all(texts)

    assert [one.text for one in together] == [unmask(text).text for text in texts]


def test_the_trick_is_named() -> None:
    assert set(unmask("ayo ѕlоt").folds) == {Trick.LOOKALIKE}
