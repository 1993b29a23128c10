"""Disguise training texts the way spammers and insulters do, and give sites invented names.

What unmasking undoes completely teaches only how much was folded; what it leaves, such as a digit
at the edge of a word or a masked vowel, teaches the disguised spellings themselves. Honest texts
are decorated too, so that decoration alone convicts nobody.
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from moderation.domain.verdict import Label
from training.examples import Example

_SYLLABLES = (
    "ma mi mo ra ri ro sa si su ta ti to ka ki ko na ni no la li lu ba bi bo da di do ga gi go pa "
    "pe ja jo ju ha ho wa wi ya yo za ze fa vi xe nga kra tra bin dar mek gar hok lun max mon nex "
    "pan ras sen tur vip win zon"
).split()
_ENDINGS = (
    "",
    "",
    "bet",
    "toto",
    "slot",
    "win",
    "play",
    "hoki",
    "jp",
    "gacor",
    "4d",
    "qq",
    "poker",
)
_NUMBERS = ("77", "88", "99", "69", "138", "303", "777", "888", "168", "99", "55", "33", "12", "4")

# A name of letters with two to four digits after them, as gambling sites have: "mawar88".
SITE_NAME = re.compile(r"\b(?=[A-Za-z]*[A-Za-z]{3})[A-Za-z]{3,14}[0-9]{2,4}\b")


def invented_name(rng: random.Random) -> str:
    """Return a site name that nobody has, in the shape such names have."""
    stem = "".join(rng.choices(_SYLLABLES, k=rng.choice((2, 2, 3))))
    name = stem + rng.choice(_ENDINGS) + rng.choice(_NUMBERS)
    return rng.choice((name, name.upper(), name.capitalize()))


def _bold(text: str, rng: random.Random) -> str:
    start = rng.choice((0x1D400, 0x1D5D4, 0x1D468, 0x1D63C, 0x1D670))
    return "".join(_mathematical(char, start) for char in text)


def _mathematical(char: str, start: int) -> str:
    if char.isascii() and char.isalpha():
        return chr(start + (ord(char) - 65 if char.isupper() else ord(char) - 71))
    return chr(0x1D7CE + ord(char) - 48) if char.isascii() and char.isdigit() else char


_CYRILLIC = str.maketrans("aeocpxyiAEOCPXHKMTB", "аеосрхуіАЕОСРХНКМТВ")
_LEET = str.maketrans("aiueo", "41u30")


def _mixed_scripts(text: str, rng: random.Random) -> str:
    return "".join(c.translate(_CYRILLIC) if rng.random() < 0.6 else c for c in text)


def _leet(word: str, rng: random.Random) -> str:
    return "".join(c.translate(_LEET) if rng.random() < 0.7 else c for c in word)


def _spaced(word: str, rng: random.Random) -> str:
    return rng.choice((" ", ".", "-", "*", "_")).join(word)


def _zero_width(word: str, rng: random.Random) -> str:
    return rng.choice("\u200b\u200c\u200d\u2060").join(word)


def _stretched(word: str, rng: random.Random) -> str:
    at = rng.randrange(len(word))
    return word[:at] + word[at] * rng.randint(3, 6) + word[at + 1 :]


def _masked(word: str, rng: random.Random) -> str:
    """Hide one inner letter: an*ing, g.blok."""
    at = rng.randrange(1, len(word) - 1)
    return word[:at] + rng.choice("*#.x-") + word[at + 1 :]


def _without_vowels(word: str, rng: random.Random) -> str:
    shorter = word[0] + "".join(char for char in word[1:] if char.lower() not in "aiueo")
    return shorter if len(shorter) > 2 else word


_WHOLE: tuple[Callable[[str, random.Random], str], ...] = (_bold, _mixed_scripts)
_BY_WORD: tuple[Callable[[str, random.Random], str], ...] = (
    _leet, _leet, _spaced, _zero_width, _stretched, _masked, _without_vowels, _bold,
)  # fmt: skip
# Words long enough that hiding letters in them leaves something to read.
_WORD = re.compile(r"[A-Za-z]{4,}")


def disguised(text: str, rng: random.Random) -> str:
    """Return the text with one trick over all of it, or with one trick over some of its words."""
    if rng.random() < 0.25:
        return rng.choice(_WHOLE)(text, rng)
    trick = rng.choice(_BY_WORD)
    return _WORD.sub(lambda word: trick(word[0], rng) if rng.random() < 0.4 else word[0], text)


def renamed(text: str, rng: random.Random) -> str | None:
    """Give every site named in the text an invented name, or return ``None`` if none is named."""
    names: dict[str, str] = {}
    for found in SITE_NAME.findall(text):
        names.setdefault(found, invented_name(rng))
    if not names:
        return None
    return SITE_NAME.sub(lambda found: names[found[0]], text)


_SHARE = {Label.SPAM: 0.5, Label.ABUSE: 0.6, Label.HATE: 0.4, Label.THREAT: 0.3, Label.SEXUAL: 0.5}
_SHARE_HARMLESS = 0.1
_SHARE_RENAMED = 0.6
_TRUST = 0.4


def augmented(examples: Iterable[Example], seed: int = 1) -> Iterator[Example]:
    """Yield disguised and renamed copies; they stay in the group of the text they come from."""
    rng = random.Random(seed)
    for row in examples:
        text = row.passage.text
        if row.known.get(Label.SPAM) and rng.random() < _SHARE_RENAMED:
            other = renamed(text, rng)
            if other is not None:
                yield _copy(row, other, 1.0)
        labels = [label for label, holds in row.known.items() if holds]
        share = max((_SHARE[label] for label in labels), default=_SHARE_HARMLESS)
        if row.source == "corpus" and rng.random() < share:
            yield _copy(row, disguised(text, rng), _TRUST)


def _copy(row: Example, text: str, trust: float) -> Example:
    return replace(row, passage=replace(row.passage, text=text), trust=row.trust * trust)
