"""Campaigns: near-copies of one text across authors and articles, decided once for all."""

from collections.abc import Sequence
from dataclasses import dataclass

from moderation.domain.decision import Decision

SKETCH_SIZE = 16
KEYS = 4
"""So many keys a text is found by: near-copies nearly always share one."""

NEAR = 0.3
"""From this share of common hashes on, two sketches are of one text; see the benchmark."""

SURE = 0.85
"""From here on a copy is sure: a rejected campaign's may be discarded unseen."""

COMMON = 8
"""A key that so many different texts have is a common turn of phrase, and tells nothing."""

RARE = 2
"""A key of at most so many texts is worth a look by itself; of a commoner one it takes two."""

FEWEST_TELLING_WORDS = 5
SHORTEST_TEXT = 30

# What many readers honestly write in the same words under one story. A text that says nothing
# else belongs to nobody, so it is never taken for a campaign.
COURTESIES = frozenset(
    """
    aamiin amin amiin ya yra allah tuhan robbal rabbal alamin alaamiin turut ikut berduka duka cita
    belasungkawa berbelasungkawa semoga moga almarhum almarhumah alm beliau husnul khotimah khatimah
    diterima iman islam amal ibadah ibadahnya disisi sisi nya di innalillahi inna lillahi wa inna
    ilaihi rojiun rajiun dan yang untuk dari dengan ini itu keluarga ditinggalkan diberi ketabahan
    kesabaran sabar tabah selamat jalan tenang damai surga alfatihah al fatihah sukses selalu terus
    sehat panjang umur lancar mantap hebat keren bagus setuju sepakat lanjutkan terima kasih makasih
    infonya info informasinya beritanya berita alhamdulillah masya masyaallah subhanallah barakallah
    ulang tahun hari raya idul fitri adha natal baru imlek nyepi waisak mohon maaf lahir batin
    bangga indonesia merdeka maju jaya bapak ibu pak bu kami saya kita segera cepat sembuh rip rest
    in peace gbu pray doa doakan
    """.split()  # noqa: SIM905 - a list of this length is easier to read as lines of words
)


@dataclass(frozen=True, slots=True)
class CampaignStanding:
    """What is known of a text's near-copies in the window, and what was decided about them."""

    copies: int = 0
    authors: int = 0
    decision: Decision | None = None
    sure: bool = False


def tells_enough(words: Sequence[str]) -> bool:
    """Say whether a text is long and particular enough that copies of it mean a campaign."""
    telling = {word for word in words if len(word) > 2 and word not in COURTESIES}
    return (
        len(telling) >= FEWEST_TELLING_WORDS
        and sum(map(len, words)) + len(words) - 1 >= SHORTEST_TEXT
    )


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimate from two bottom sketches which share of their texts' pieces is common."""
    together = sorted({*one, *other})[: min(SKETCH_SIZE, max(len(one), len(other)))]
    common = set(one) & set(other)
    return sum(value in common for value in together) / len(together) if together else 0.0
