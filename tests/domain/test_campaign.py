import pytest

from moderation.domain.campaign import similarity, tells_enough
from moderation.domain.words import words_of


@pytest.mark.parametrize(
    "text",
    [
        "Turut berduka cita",
        "aamiin ya rabbal alamin",
        "Innalillahi wa inna ilaihi rojiun, turut berduka cita, semoga almarhum husnul khotimah "
        "dan keluarga yang ditinggalkan diberi ketabahan dan kesabaran. Aamiin",
        "Selamat ulang tahun, sehat selalu, panjang umur dan sukses terus ya Bapak",
        "mantap setuju lanjutkan",
        "slot gacor",
    ],
)
def test_what_many_honestly_write_is_never_a_campaign(text: str) -> None:
    assert not tells_enough(words_of(text))


def test_a_particular_text_tells_enough() -> None:
    assert tells_enough(words_of("Kemarin modal receh di Mawar88 langsung cair jutaan, buktikan"))


def test_similarity_is_one_for_the_same_and_none_for_strangers() -> None:
    assert similarity((1, 2, 3), (1, 2, 3)) == 1.0
    assert similarity((1, 2), (3, 4)) == 0.0
    assert similarity((), ()) == 0.0
