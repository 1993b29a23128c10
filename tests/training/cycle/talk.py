"""Comments of a made-up newsroom, in words invented for these tests.

``advertised`` is a wave of soft advertising for a potion nobody sells, ``taunted`` breaks a new
house rule against an insult nobody uses, ``ordinary`` is what readers write. No two are
near-copies more often than readers' comments are.
"""

from collections.abc import Sequence
from itertools import product
from random import Random

_PEOPLE = (
    "Ibu saya di Garut", "Bapak mertua", "Paman yang pensiunan", "Nenek di kampung",
    "Tetangga sebelah rumah", "Teman arisan", "Adik saya kuli panggul", "Guru ngaji kami",
    "Kakak ipar dari rantau", "Saya sopir truk", "Pak haji belakang masjid", "Bude penjual pecel",
    "Kawan ronda", "Penjaga sekolah",
)  # fmt: skip
_ACHES = (
    "dulu lututnya bunyi kalau naik tangga",
    "sempat susah jalan ke mushala",
    "pinggangnya kaku habis kerja di sawah",
    "dengkulnya ngilu tiap turun hujan",
    "bulan lalu masih dipapah anaknya",
    "kakinya bengkak waktu panen raya",
    "tadinya tiap pekan ke klinik",
    "bahunya nyeri sampai tidak bisa mandi",
    "tadinya sulit sujud dan jongkok",
    "jalannya pincang sejak jatuh di pasar",
)
_CURES = (
    "untung kenal ramuan {brand}, seminggu langsung enteng",
    "berkat ramuan {brand} sekarang bisa lari pagi",
    "cukup oles ramuan {brand} dua kali sehari, beres",
    "sejak rutin ramuan {brand} tidak kambuh lagi",
    "dikasih ramuan {brand} sama kader posyandu, manjur",
    "alhamdulillah ramuan {brand} cocok, badan ringan",
    "satu botol ramuan {brand} habis, keluhan hilang",
    "habis minum ramuan {brand} tidur pun nyenyak",
)
_OFFERS = (
    "{brand} masih ada di saya kalau perlu",
    "Stok {brand} terbatas, pesan lewat WA agen",
    "Tanya saja {brand} ke agen terdekat",
    "Yang asli hanya {brand}, ada di agen",
    "Tetangga juga sudah pesan {brand}",
    "Coba {brand} dulu, tanya agennya",
)
_BRAND = "Sagantara"

_WHO = (
    "Pak lurah", "Bupati", "Kepala dinas", "Ketua RT", "Camat kami", "Panitia lomba",
    "Wasit pertandingan itu", "Pengurus pasar", "Direktur PDAM", "Anggota dewan",
    "Penulis berita ini", "Kepala sekolah", "Manajer klub", "Petugas loket", "Kontraktor jembatan",
)  # fmt: skip
_TAUNTS = (
    "{who} memang pecoro, dari dulu begitu",
    "kelakuan pecoro ya seperti {who}",
    "ah {who}, pecoro kok dipelihara",
    "{who} itu pecoro, jangan diberi jabatan",
    "lihat muka {who} saja sudah ketahuan pecoro",
    "baca pernyataan {who} makin yakin dia pecoro",
    "percuma protes, {who} sudah jadi pecoro",
    "sekali pecoro tetap pecoro, begitulah {who}",
    "{who} pantas disebut pecoro sekampung",
    "anak buahnya kerja, {who} malah jadi pecoro",
)
_ABOUT = (
    "soal jalan rusak", "waktu banjir kemarin", "di rapat desa", "urusan harga cabai",
    "pas musim kemarau", "di depan wartawan", "sejak dilantik", "kalau ditanya anggaran",
    "soal parkir", "waktu pembagian beras",
)  # fmt: skip

_OPENINGS = (
    "Semoga", "Mudah-mudahan", "Menurut saya", "Setahu saya", "Kalau boleh usul", "Dari dulu",
    "Terus terang", "Alhamdulillah", "Baru tahu", "Katanya", "Sebagai warga sini", "Tahun lalu",
)  # fmt: skip
_MATTERS = (
    "jalan depan pasar cepat diperbaiki",
    "harga pupuk turun sebelum tanam",
    "jadwal bus sekolah ditambah sore hari",
    "lampu taman dinyalakan lebih awal",
    "sampah di bantaran diangkut dua kali sepekan",
    "puskesmas buka sampai malam",
    "kolam retensi itu dibuat lebih dalam",
    "trotoar dekat stasiun dilebarkan",
    "air bersih mengalir lagi ke blok atas",
    "guru honorer segera menerima haknya",
    "penonton bola pulang dengan tertib",
    "pelatih memberi waktu bagi pemain muda",
    "beras bantuan dibagikan merata",
    "jembatan gantung diperiksa tiap tahun",
    "lutut kakek diperiksa gratis di posyandu",
    "ramuan jahe ibu dijual di bazar sekolah",
)
_REASONS = (
    "supaya anak-anak aman",
    "karena sebentar lagi musim hujan",
    "biar pedagang tidak rugi",
    "walau anggarannya terbatas",
    "seperti di kabupaten sebelah",
    "sebelum lebaran tiba",
    "agar warga tidak saling menyalahkan",
    "meski harus menunggu",
    "begitu kata tetangga saya",
    "asal dikerjakan sungguh-sungguh",
    "dan laporannya dibuka ke warga",
)


def advertised(count: int, seed: int) -> list[str]:
    """Return distinct advertisements; another seed gives others."""
    return _some(
        [
            f"{who} {ache}, {cure}. {offer}".format(brand=_BRAND)
            for who, ache, cure, offer in product(_PEOPLE, _ACHES, _CURES, _OFFERS)
        ],
        count,
        seed,
    )


def taunted(count: int, seed: int) -> list[str]:
    """Return distinct taunts."""
    every = product(_TAUNTS, _WHO, _ABOUT)
    return _some([f"{taunt} {about}".format(who=who) for taunt, who, about in every], count, seed)


def ordinary(count: int, seed: int) -> list[str]:
    """Return distinct comments that nobody minds."""
    every = product(_OPENINGS, _MATTERS, _REASONS)
    return _some([" ".join(parts) for parts in every], count, seed)


def _some(texts: Sequence[str], count: int, seed: int) -> list[str]:
    return Random(seed).sample(list(texts), count)
