import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.classifier.unmask import unmask
from moderation.domain.contacts import find_contacts


def contacts(text: str) -> set[str]:
    return {str(contact) for contact in find_contacts(text, unmask(text).text)}


@pytest.mark.parametrize(
    "text",
    [
        "hubungi 081234567890 ya",
        "WA 0812-3456-7890",
        "wa: +62 812 3456 7890",
        "0812.3456.7890",
        "(0812) 3456 7890",
        "0 8 1 2 3 4 5 6 7 8 9 0",
        "０８１２３４５６７８９０",
        "0️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9️⃣0️⃣",
        "nol delapan satu dua tiga empat lima enam tujuh delapan sembilan nol",
        "kosong delapan satu dua 3456 tujuh delapan sembilan nol, dan satu lagi: dua",
        "https://wa.me/6281234567890",
        "https://api.whatsapp.com/send?phone=6281234567890&text=halo",
    ],
)
def test_a_phone_number_is_the_same_however_it_is_written(text: str) -> None:
    assert "phone:6281234567890" in contacts(text)


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("t.me/Mawar_88", "telegram:mawar_88"),
        ("gabung https://t.me/+AbCdEf12345 ya", "invitation:AbCdEf12345"),
        ("t.me/joinchat/AbCdEf12345", "invitation:AbCdEf12345"),
        ("https://chat.whatsapp.com/GkJ2xYz90Ab", "invitation:GkJ2xYz90Ab"),
        ("wa.me/message/ABCDEFGH", "invitation:ABCDEFGH"),
        ("transfer ke BCA 123 456 7890 a.n. Budi", "account:bca:1234567890"),
        ("Rek. Mandiri: 1230004567890", "account:mandiri:1230004567890"),
        ("norek BRI saya 1234-01-567890-50-1", "account:bri:123401567890501"),
        ("telegram @mawar_88", "telegram:mawar_88"),
        ("Tele: mawar_88", "telegram:mawar_88"),
        ("klik BIT.LY/aBc", "short_link:bit.ly/aBc"),
        ("https://s.id/menang", "short_link:s.id/menang"),
        ("main di mаwаr88.com", "lookalike_domain:mawar88.com"),
    ],
)
def test_handles_short_links_and_lookalike_domains_are_found(text: str, contact: str) -> None:
    assert contact in contacts(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tahun 2024 ada 1.234.567 pemilih, naik 12,5 persen.",
        "Rp 8.500.000.000 untuk jalan itu",
        "satu dua tiga empat, lalu lima enam",
        "lihat kompas.example/berita/2024/11/23",
        "Timnya menang 3-0, 2-1 dan 1-1",
        "bagus.Terima kasih",
        "NIK 3273081234567890123",
    ],
)
def test_honest_numbers_and_addresses_are_no_contacts(text: str) -> None:
    assert contacts(text) == set()


@given(st.text(alphabet="08 .-()+6️⃣2wa.me/t@:tele", max_size=400))
def test_any_text_is_read(text: str) -> None:
    find_contacts(text, text)
