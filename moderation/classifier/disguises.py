"""The tricks that hide a word from a filter, each found as a list of edits that undo it.

Every finder runs in linear time over any string and leaves honest prose alone; the order in
which they run, and the repetition until nothing changes, are :mod:`.unmask`'s.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from operator import ne
from typing import NamedTuple

from moderation.classifier.lookalikes import (
    ACCENTED,
    CUT_SHORT,
    FLAGS,
    INVISIBLE,
    LATIN_ALWAYS,
    LATIN_IN_LATIN_COMPANY,
    MARKS,
    REGIONAL,
    regional_letter,
)
from moderation.classifier.screen import Sign


class Trick(StrEnum):
    """A way of decorating text."""

    MARKUP = "markup"
    INVISIBLE = "invisible"
    LOOKALIKE = "lookalike"
    MARKS = "marks"
    SPACED = "spaced"
    LEET = "leet"
    STRETCHED = "stretched"


class Edit(NamedTuple):
    """Replace ``[start, end)`` of the text."""

    start: int
    end: int
    replacement: str


Finder = Callable[[str], list[Edit]]


def _char_class(chars: Iterable[str]) -> str:
    """Write neighbours as ranges: beyond U+FFFF, ``re`` tries one entry after the other."""
    codes = set(map(ord, chars))
    firsts = sorted(code for code in codes if code - 1 not in codes)
    lasts = sorted(code for code in codes if code + 1 not in codes)
    ranges = (
        f"{re.escape(chr(first))}-{re.escape(chr(last))}"
        for first, last in zip(firsts, lasts, strict=True)
    )
    return f"[{''.join(ranges)}]"


# What may stand between "<" and ">": the tags that browsers know, closing or with attributes.
_HTML_TAG = re.compile(
    r"/?(?:a|abbr|b|big|blockquote|br|center|code|del|div|em|font|h[1-6]|hr|i|img|ins|li|mark|ol|p"
    r"|pre|q|s|small|span|strike|strong|sub|sup|table|tbody|td|th|tr|tt|u|ul)(?:\s.*|\s*/)?"
    r"|!--.*--",
    re.IGNORECASE | re.DOTALL,
)
# What may stand between "[" and "]": the tags that forums know, some with a value.
_BBCODE_TAG = re.compile(
    r"/?(?:b|i|u|s|url|img|quote|color|size|font|center|left|right|list|code|spoiler|email|video"
    r"|youtube|media|\*)(?:=.*)?",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_TAG = 300
_BRACKETS = re.compile(r"[<>\[\]]")
# A character reference, also one whose ampersand was itself written as one: &amp;#115;
_REFERENCE = re.compile(
    r"&(?:amp;|\#38;|\#x26;)*(?:\#\d{1,7}|\#x[0-9a-f]{1,6}|[a-z]{2,8}[0-9]{0,2});", re.IGNORECASE
)
_REPEATED_AMPERSAND = re.compile(r"&(?:amp;|\#38;|\#x26;)+", re.IGNORECASE)
# The address that a link tag carries: href="…", src='…', url=….
_ADDRESS = re.compile(
    r"""(?:\b(?:href|src)\s*=\s*|^url=)["']?([^\s"'<>\[\]]{4,300})""", re.IGNORECASE
)


def markup(text: str) -> list[Edit]:
    """Undo HTML, BBCode and character references; the address of a link stays readable."""
    edits = [*_tags(text, "<", ">", _HTML_TAG), *_tags(text, "[", "]", _BBCODE_TAG)]
    edits += _references(text)
    edits.sort(key=lambda edit: (edit.start, -edit.end))
    return _outermost(edits)


def _tags(text: str, opening: str, closing: str, tag: re.Pattern[str]) -> Iterator[Edit]:
    """Remove tags from the inside out, so that one left by removing another goes too."""
    open_at: list[tuple[int, list[str], int] | None] = []
    for found in _BRACKETS.finditer(text):
        at = found.start()
        if found[0] == opening:
            open_at.append((at, [], at + 1))
        elif found[0] == closing and open_at:
            top = open_at.pop()
            content = "".join((*top[1], text[top[2] : at])) if top else ""
            if top and len(content) <= _LONGEST_TAG and tag.fullmatch(content):
                address = _ADDRESS.search(content)
                yield Edit(top[0], at + 1, f" {address[1]} " if address else "")
                if open_at and (outer := open_at[-1]):
                    open_at[-1] = (outer[0], [*outer[1], text[outer[2] : top[0]]], at + 1)
            elif open_at:
                open_at[-1] = None  # what encloses something that is no tag is none either


def _references(text: str) -> Iterator[Edit]:
    if "&" in text:
        for found in _REFERENCE.finditer(text):
            meant = html.unescape(_REPEATED_AMPERSAND.sub("&", found[0]))
            if meant != found[0] and len(meant) <= 2:
                yield Edit(*found.span(), meant)


def _outermost(edits: Iterable[Edit]) -> list[Edit]:
    """Drop the edits that lie within others."""
    kept: list[Edit] = []
    for edit in edits:
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


# One or more characters that are not seen at all.
_INVISIBLE_RUN = re.compile(_char_class(INVISIBLE) + "+")


def invisible(text: str) -> list[Edit]:
    """Drop zero-width and direction characters, except inside emoji and scripts that need them."""
    edits: list[Edit] = []
    for found in _INVISIBLE_RUN.finditer(text):
        before = text[found.start() - 1] if found.start() else " "
        # Joiners hold emoji families and Persian or Indic words together.
        if before < "\u0600" or "\u1e00" <= before < "\u2190":
            edits.append(Edit(*found.span(), ""))
        else:
            edits += [
                Edit(at, at + 1, "")
                for at, char in enumerate(found[0], found.start())
                if char not in "\u200c\u200d" and char < "\U000e0020"
            ]
    return edits


# Marks stacked on a Latin letter, a digit or nothing.
_STACKED = re.compile(rf"(^|[\s!-~\u00c0-\u024f])({_char_class(MARKS)}+)")
_COMPOSED = {
    base + mark: form
    for base, marks, forms in (
        ("e", "\u0301\u0300\u0302", "éèê"),
        ("E", "\u0301\u0300\u0302", "ÉÈÊ"),
    )
    for mark, form in zip(marks, forms, strict=True)
}


def marks(text: str) -> list[Edit]:
    """Drop combining marks over Latin letters; an é, è or ê written in two parts becomes one."""
    edits: list[Edit] = []
    for found in _STACKED.finditer(text):
        composed = _COMPOSED.get(found[0])
        edits.append(Edit(*found.span(), composed) if composed else Edit(*found.span(2), ""))
    return edits


_BLOOD_TYPES = "🅰🅱🅾🅿"
_DECORATED = re.compile(_char_class(LATIN_ALWAYS) + "+")
_TO_LATIN = str.maketrans(LATIN_ALWAYS)
_CUT_SHORT = re.compile(_char_class(CUT_SHORT) + "{4,}")
_TO_UNCUT = str.maketrans(CUT_SHORT)
# 하하하하 and 흐흐흐흐 are laughter.
_LAUGHTER = 2
_FOREIGN_TO_LATIN = str.maketrans(dict(LATIN_IN_LATIN_COMPANY))
_FOREIGN = re.compile(_char_class(LATIN_IN_LATIN_COMPANY))
_ACCENTS = re.compile(_char_class(ACCENTED))
_TO_UNACCENTED = str.maketrans(dict(ACCENTED))
# A word with a character outside ASCII, and one with a Latin letter.
_UNUSUAL_WORD = re.compile(r"[A-Za-z0-9_]*[^\W\x00-\x7f]\w*")
_LATIN = re.compile("[A-Za-z]")
# Letters of Greek, Cyrillic, Armenian and Cherokee.
_LIVING_SCRIPTS = re.compile("[\u0370-\u058f\u13a0-\u13ff]")
_REGIONAL_RUN = re.compile(_char_class(REGIONAL) + "+")


def lookalikes(text: str) -> list[Edit]:
    """Turn letters that only look Latin into Latin ones.

    Letters of a living script are turned where the word also has Latin letters, or where the
    whole text has only such letters of that script as look Latin; Russian or Greek prose stays.
    """
    edits = [
        Edit(*run.span(), run[0].translate(_TO_LATIN))
        for run in _DECORATED.finditer(text)
        if run[0] not in _BLOOD_TYPES or _beside_letter(text, *run.span())
    ]
    return edits or [*_in_words(text)] or [*_regional(text)] or [*_cut_short(text)]


def _cut_short(text: str) -> Iterator[Edit]:
    """Yield words of letters that lost a bit; Korean has no word of only such syllables."""
    for run in _CUT_SHORT.finditer(text):
        if len(set(run[0])) > _LAUGHTER:
            yield Edit(*run.span(), run[0].translate(_TO_UNCUT))


def _beside_letter(text: str, start: int, end: int) -> bool:
    """Tell whether the emoji of a blood type stands in for a letter."""
    return text[end : end + 1].isalpha() or text[max(start - 1, 0) : start].isalpha()


def _in_words(text: str) -> Iterator[Edit]:
    if not _FOREIGN.search(text) and not _ACCENTS.search(text):
        return
    pretence = bool(_LATIN.search(text)) and all(
        char in LATIN_IN_LATIN_COMPANY for char in _LIVING_SCRIPTS.findall(text)
    )
    for word in _UNUSUAL_WORD.finditer(text):
        meant = word[0]
        if pretence or _LATIN.search(meant):
            meant = meant.translate(_FOREIGN_TO_LATIN)
        unaccented = meant.translate(_TO_UNACCENTED)
        if sum(map(ne, meant, unaccented)) > 1:
            meant = unaccented
        if meant != word[0]:
            yield Edit(*word.span(), meant)


def _regional(text: str) -> Iterator[Edit]:
    for run in _REGIONAL_RUN.finditer(text):
        letters = "".join(map(regional_letter, run[0]))
        pairs = [letters[i : i + 2] for i in range(0, len(letters), 2)]
        if not all(pair in FLAGS for pair in pairs):
            yield Edit(*run.span(), letters)


# Four or more single letters with a space between each, "s l o t", and perhaps digits after them;
# or with the same kind of sign between each, "s.l.o.t", "g-o-b-l-o-k", "s🔥l🔥o🔥t".
_BETWEEN = r"(?: ?[^\w\s,;:/()\"'?!&+=<>\[\]]{1,2} ?)"
_SPACED = re.compile(
    r"(?<![^\W_])[A-Za-z](?:(?: [A-Za-z](?![^\W_])){3,}(?: \d(?![^\W_])){0,4}"
    rf"|(?:{_BETWEEN}[A-Za-z](?![^\W_])){{3,}}(?:{_BETWEEN}\d(?![^\W_])){{0,4}}"
    r"|(?:_[A-Za-z](?![^\W_])){3,})"
)
_SEPARATORS = re.compile(r"[\W_]+")


def spaced(text: str) -> list[Edit]:
    """Join letters written apart."""
    return [
        Edit(found.start() + gap.start(), found.start() + gap.end(), "")
        for found in _SPACED.finditer(text)
        for gap in _SEPARATORS.finditer(found[0])
    ]


_VOWEL_DIGITS: Mapping[str, str] = {"0": "o", "1": "i", "3": "e", "4": "a", "@": "a"}
_LEET: Mapping[str, str] = {**_VOWEL_DIGITS, "5": "s", "7": "t", "8": "b", "9": "g", "$": "s"}
# A word of letters with single digits or signs among them: "g4c0r", "b4b1", "4njing", "a$u".
_MIXED = re.compile(r"(?<![\w@$.])[A-Za-z0-9@$]{4,40}(?![\w@$]|\.\w)")
_INNER = re.compile(r"(?<=[A-Za-z])[013-57-9@$](?=[A-Za-z])")
# A digit for the first vowel before a cluster that begins no unit: "4njing", "1ndonesia".
_LEADING = re.compile(r"^[0134@](?=n[jdtgcy][a-z]|mp[a-z]|sw$|su$)", re.IGNORECASE)
# A digit for the last vowel: "b4b1".
_TRAILING = re.compile(r"(?<=[b-df-hj-np-tv-z])[0134]$", re.IGNORECASE)
# Amounts and kinds written together: Rp5rb, usd3k, 1x24jam, PS5an.
_AMOUNT = re.compile(r"^(?:rp|idr|usd|rm|ps|rt|rw|km|no)\d|\dx\d", re.IGNORECASE)


def leet(text: str) -> list[Edit]:
    """Turn digits inside words back into letters.

    ``jalan2``, ``ke3``, ``G20``, ``10rb`` and the numbers of names such as ``mawar88`` stay.
    """
    edits: list[Edit] = []
    for found in _MIXED.finditer(text):
        word = found[0]
        if word.isalpha() or word.isdigit() or _AMOUNT.search(word):
            continue
        for at, digit in _leet_in(word):
            letter = _LEET[digit]
            start = found.start() + at
            edits.append(Edit(start, start + 1, letter.upper() if word.isupper() else letter))
    return edits


def _leet_in(word: str) -> list[tuple[int, str]]:
    letters = sum(map(str.isalpha, word))
    inner = [
        (found.start(), found[0])
        for found in _INNER.finditer(word)
        if found[0] in _VOWEL_DIGITS or _between_vowels(word, found.start())
    ]
    if inner and letters < max(2, len(inner)):
        return []
    edges = [(found.start(), found[0]) for found in _LEADING.finditer(word)]
    if inner:
        edges += [(found.start(), found[0]) for found in _TRAILING.finditer(word)]
        if not edges and word[0] in "0134@" and word[1].isalpha():
            edges = [(0, word[0])]
    return sorted({*inner, *edges})


def _between_vowels(word: str, at: int) -> bool:
    return word[at - 1] in "aiueoAIUEO" and word[at + 1] in "aiueoAIUEO"


# The same letter three times or more: "anjiiing", "bangsaaat".
_STRETCH = re.compile(r"([A-Za-z])\1{2,}", re.IGNORECASE)
# Roman numerals (VIII, Charles III) and the www of an address.
_NUMERAL = re.compile(r"[IVXLCDM]+|i{2,3}|[wW]{3}")


def stretched(text: str) -> list[Edit]:
    """Keep one of three or more equal letters: Indonesian has no word with three."""
    edits: list[Edit] = []
    for found in _STRETCH.finditer(text):
        start, end = found.span()
        if end - start <= 4 and _NUMERAL.fullmatch(_word_around(text, start, end)):
            continue
        edits.append(Edit(start + 1, end, ""))
    return edits


def _word_around(text: str, start: int, end: int) -> str:
    """Return the word a stretch stands in, seen no further than a Roman numeral is long."""
    first, last = start, end
    while first > max(start - 8, 0) and text[first - 1].isalpha():
        first -= 1
    while last < min(end + 8, len(text)) and text[last].isalpha():
        last += 1
    return text[first:last]


FINDERS: tuple[tuple[Sign, Trick, Finder], ...] = (
    (Sign.MARKUP, Trick.MARKUP, markup),
    (Sign.UNSEEN, Trick.INVISIBLE, invisible),
    (Sign.UNSEEN, Trick.MARKS, marks),
    (Sign.LOOKALIKE, Trick.LOOKALIKE, lookalikes),
    (Sign.SPACED, Trick.SPACED, spaced),
    (Sign.LEET, Trick.LEET, leet),
    (Sign.STRETCHED, Trick.STRETCHED, stretched),
)
"""Every trick with its finder, in the order that lets each see what the ones before uncovered."""
