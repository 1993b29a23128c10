"""Which characters stand in for which Latin letter or digit, built once from Unicode's own data.

Two sources: the UTS-39 confusables that the package confusable-homoglyphs carries, and the
compatibility forms and names of :mod:`unicodedata`, which also know what the confusables leave
out (squared, circled, small capital and regional-indicator letters).
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from itertools import chain

_LETTER_NAMES = re.compile(
    # "LATIN LETTER SMALL CAPITAL G", "NEGATIVE SQUARED LATIN CAPITAL LETTER A",
    # "PARENTHESIZED LATIN SMALL LETTER A", "MODIFIER LETTER SMALL B", "LATIN SMALL LETTER G"
    r"(?:LATIN|MODIFIER|SQUARED|CIRCLED|PARENTHESIZED) (?:LATIN )?(?:SMALL |CAPITAL |LETTER )+"
    r"([A-Z])(?: WITH .*)?$"
)
_FOREIGN_SCRIPTS = frozenset(
    [
        "CYRILLIC",
        "GREEK",
        "CHEROKEE",
        "ARMENIAN",
        "COPTIC",
        "LISU",
        "CANADIAN",
        "WARANG",
        "DESERET",
        "OSAGE",
        "ELBASAN",
        "TIFINAGH",
        "LYCIAN",
        "CARIAN",
        "OLD",
        "MIAO",
        "RUNIC",
        "GEORGIAN",
    ]
)
# Shapes the confusables table lacks and that are seen in disguised comments.
_SEEN_IN_DISGUISES = dict(
    zip("ᗩᗷᑕᗪᗴᖴᕼᒍᒪᗰᑎᑭᖇᔕᑌᐯᗯ᙭λσηтвнмкг", "abcdefhjlmnprsuvwxaontbhmkr", strict=True)
)
# Honest in prose: m², m³, 1º; an emoji (Ⓜ, ℹ) and the trade marks are no letters either.
_HONEST = frozenset("²³¹ªºⓂℹ™℠℡№")
_PLAIN_ACCENTS = frozenset("éèêÉÈÊ")
_SPACES = frozenset(map(chr, (0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)))
# Ideographs, Hangul and the ancient scripts beyond Latin's neighbours hold no look-alikes worth
# their share of the import time.
_LETTERLIKE_BLOCKS = (
    range(0x80, 0x590), range(0x10A0, 0x1100), range(0x13A0, 0x1700), range(0x1D00, 0x2E00),
    range(0x3200, 0x3300), range(0xA4D0, 0xA500), range(0xA640, 0xA800), range(0xAB30, 0xABC0),
    range(0xFB00, 0xFB07), range(0xFF00, 0xFF60), range(0x10280, 0x10300), range(0x10400, 0x10530),
    range(0x118A0, 0x11900), range(0x16F00, 0x16FA0), range(0x1D400, 0x1D800),
    range(0x1F100, 0x1F200),
)  # fmt: skip


def _confusables() -> Mapping[str, list[str]]:
    """Return every single character's UTS-39 look-alikes."""
    source = files("confusable_homoglyphs").joinpath("confusables.json")
    table: dict[str, list[dict[str, str]]] = json.loads(source.read_text("utf-8"))
    return {
        char: [twin["c"] for twin in twins]
        for char, twins in table.items()
        if len(char) == 1 and not char.isascii()
    }


def _compatible(char: str) -> str | None:
    """Return the Latin letter or digit whose compatibility form this is."""
    form = unicodedata.normalize("NFKC", char)
    if form.isascii() and form.isalnum() and form != char and char not in _HONEST:
        return form
    return None


def _named(char: str) -> str | None:
    """Return the letter that the character's own Unicode name says it is."""
    found = _LETTER_NAMES.search(unicodedata.name(char, ""))
    if found is None:
        return None
    capital = " CAPITAL LETTER" in unicodedata.name(char)
    return found[1] if capital else found[1].lower()


def _confused(char: str, twins: Iterable[str]) -> str | None:
    """Return the ASCII letter or digit a character is taken for, directly or by a small capital."""
    for twin in twins:
        if len(twin) == 1 and twin.isascii() and twin.isalnum():
            return twin
    for twin in twins:
        if len(twin) == 1 and unicodedata.name(twin, "").startswith("LATIN LETTER SMALL CAPITAL "):
            return _named(twin)
    return None


def _is_accented(char: str) -> bool:
    """Tell an ordinary Latin letter with diacritics, which honest names and words also carry."""
    base = unicodedata.normalize("NFD", char)
    return len(base) > 1 and base[0].isascii() and base[0].isalpha()


def _candidates(confusables: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Yield every non-ASCII letter, digit or letter-like symbol with what it stands for."""
    for char in map(chr, chain.from_iterable(_LETTERLIKE_BLOCKS)):
        if unicodedata.category(char)[0] not in "LNS" or char in _HONEST or _is_accented(char):
            continue
        if unicodedata.name(char, "").startswith("SQUARE "):
            continue  # units of measure: ㎏, ㎡
        latin = _SEEN_IN_DISGUISES.get(char) or _compatible(char) or _named(char)
        latin = latin or (_confused(char, confusables[char]) if char in confusables else None)
        if latin:
            yield char, latin


def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """Split the look-alikes: those that are Latin in any company, those of living scripts."""
    always: dict[str, str] = {}
    foreign: dict[str, str] = {}
    for char, latin in _candidates(_confusables()):
        script = unicodedata.name(char, "?").split()[0]
        compatible = _compatible(char) is not None
        if script in _FOREIGN_SCRIPTS and not compatible:
            foreign[char] = latin
        elif compatible or script not in _UNTOUCHED_SCRIPTS:
            always[char] = latin
    return always, foreign


_UNTOUCHED_SCRIPTS = frozenset(
    [
        "ARABIC",
        "HEBREW",
        "BENGALI",
        "GURMUKHI",
        "ORIYA",
        "MALAYALAM",
        "AHOM",
        "MYANMAR",
        "ETHIOPIC",
        "DEVANAGARI",
        "GUJARATI",
        "TAMIL",
        "TELUGU",
        "KANNADA",
        "THAI",
        "LAO",
        "TIRHUTA",
        "IDEOGRAPHIC",
        "CJK",
        "HANGUL",
        "HIRAGANA",
        "KATAKANA",
        "HALFWIDTH",
        "BAMUM",
        "INFINITY",
        "RUPEE",
        "DOWN",
        "TELEPHONE",
        "UNION",
        "LOGICAL",
        "MULTIPLICATION",
        "RISING",
        "FALLING",
        "VECTOR",
        "BOX",
        "LARGE",
        "POWER",
        "DIVIDES",
        "PARALLEL",
        "ESTIMATED",
        "OGONEK",
        "N-ARY",
        "APL",
        "ALCHEMICAL",
        "LIVRE",
        "NUMERO",
        "Z",
        "NKO",
        "EXTENDED",
        "SYRIAC",
        "MENDE",
        "MEETEI",
        "SYLOTI",
        "BLACK",
        "TRADE",
        "SECTION",
    ]
)
LATIN_ALWAYS, LATIN_IN_LATIN_COMPANY = _tables()
"""Characters that are a decorated Latin letter wherever they stand, and letters of living scripts
that are one only inside a word that also has Latin letters."""
LATIN_ALWAYS.update(dict.fromkeys(_SPACES, " "))

ACCENTED: Mapping[str, str] = {
    char: unicodedata.normalize("NFD", char)[0]
    for char in map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))
    if _is_accented(char) and char not in _PLAIN_ACCENTS
}
"""Latin letters with diacritics other than the é, è and ê of Sundanese and Javanese."""

MARKS = "".join(
    char
    for char in map(
        chr,
        (
            *range(0x300, 0x370),
            *range(0x483, 0x48A),
            *range(0x1AB0, 0x1B00),
            *range(0x1DC0, 0x1E00),
            *range(0x20D0, 0x2100),
            *range(0xFE00, 0xFE10),
            *range(0xFE20, 0xFE30),
        ),
    )
    if unicodedata.category(char)[0] == "M"
)
"""Combining marks that are stacked on Latin letters; those of Arabic or Thai are not among them."""

INVISIBLE = "".join(
    char
    for char in map(
        chr,
        (
            *range(0x00, 0x20),
            *range(0x7F, 0xA0),
            0xAD,
            0x34F,
            0x61C,
            0x115F,
            0x1160,
            0x17B4,
            0x17B5,
            *range(0x180B, 0x180F),
            *range(0x200B, 0x2010),
            *range(0x2028, 0x202F),
            *range(0x2060, 0x2070),
            0x3164,
            0xFEFF,
            0xFFA0,
            *range(0xFFF9, 0xFFFC),
            *range(0xE0000, 0xE0080),
        ),
    )
    if char not in "\t\n\r"
)
"""Zero-width characters, bidirectional controls, fillers and control codes."""

REGIONAL = "".join(map(chr, range(0x1F1E6, 0x1F200)))
"""Regional-indicator letters, of which two make a flag."""

_REGIONS = (
    "ACADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICK"
    "CLCMCNCOCPCRCUCVCWCXCYCZDEDGDJDKDMDODZEAECEEEGEHERESETEUFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGP"
    "GQGRGSGTGUGWGYHKHMHNHRHTHUICIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLS"
    "LTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPK"
    "PLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTATCTDTFTGTHTJTKTLTMTN"
    "TOTRTTTVTWTZUAUGUMUNUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW"
)
FLAGS = frozenset(_REGIONS[i : i + 2] for i in range(0, len(_REGIONS), 2))
"""The two-letter codes that regional indicators show as a flag."""


def regional_letter(char: str) -> str:
    """Return the letter of a regional indicator."""
    return chr(ord(char) - ord(REGIONAL[0]) + ord("A"))


for _char in REGIONAL:
    LATIN_ALWAYS.pop(_char, None)

# Software that keeps 16 bits of a character turns 𝐀 (U+1D400) into 퐀 (U+D400), and 🄰 (U+1F130)
# into one of private use. Seen in 1 of 9 pieces of gambling spam that were missed.
_LOST = 0x10000
LATIN_ALWAYS.update(
    (chr(ord(char) - _LOST), latin)
    for char, latin in (
        *tuple(LATIN_ALWAYS.items()),
        *((char, regional_letter(char)) for char in REGIONAL),
    )
    if ord(char) in range(0x1F100, 0x1F200)
)
CUT_SHORT = {
    chr(ord(char) - _LOST): latin
    for char, latin in LATIN_ALWAYS.items()
    if ord(char) in range(0x1D400, 0x1D800)
}
"""Mathematical letters that lost their highest bit; alone or repeated they may be Korean."""
