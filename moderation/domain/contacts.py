"""Ways to reach somebody that a text gives away: hosts, phone numbers, handles, short links.

Nothing is looked up anywhere. Every pattern has bounded repeats only, so the time is linear.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from moderation.domain.verdict import Span
from moderation.domain.words import words_of

_ENDINGS = (
    "com|net|org|info|biz|xyz|id|co|site|online|top|vip|club|live|me|link|ly|bio|shop|store|win|bet"
    "|asia|cc|pro|app|fun|icu|space|website|lol|art|one|today|click|gd|gg|io|tv|us|to|at|ee|gy|ke"
)
_HOST = re.compile(r"(?<![\w.@-])(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}(?![\w-])", re.IGNORECASE)
# “mawar dot com”, “mawar (titik) com”, “mawar . com”
_SPELLED_DOT = re.compile(
    r"[ \t]{0,2}(?:[\[({][ \t]?(?:dot|titik|\.)[ \t]?[\])}]|(?<=\s)(?:dot|titik)(?=\s)"
    rf"|(?<=\s)\.|\.(?=\s))[ \t]{{0,2}}(?=(?:{_ENDINGS})(?!\w))",
    re.IGNORECASE,
)
_SHORTENERS = (
    r"bit\.ly|s\.id|tinyurl\.com|cutt\.ly|linktr\.ee|heylink\.me|rebrand\.ly|is\.gd|t\.ly|rb\.gy"
    r"|shorturl\.at|lnk\.bio|bio\.link|msha\.ke|wa\.link|tiny\.cc|ow\.ly|goo\.gl|shorturl\.asia"
)
_SHORT_LINK = re.compile(rf"(?<![\w.-])((?:{_SHORTENERS})/[\w-]{{2,64}})", re.IGNORECASE)
_WHATSAPP = re.compile(
    r"(?:wa\.me/|whatsapp\.com/send/?\?phone=)\+?(\d{8,15})(?!\d)", re.IGNORECASE
)
_TELEGRAM = re.compile(
    r"(?:(?<![\w.])t\.me/|telegram\.me/|\b(?:telegram|tele|tg)[ \t]{0,2}[:=@][ \t]{0,2}@?)"
    r"(?!(?:joinchat|share|proxy|addstickers)\b)([a-z]\w{3,31})(?!\w)",
    re.IGNORECASE,
)
# Invitations lead to a group; whoever sends one to many is found by it, whatever else they write.
_INVITATION = re.compile(
    r"(?:(?<![\w.])t\.me/(?:joinchat/|\+)|telegram\.me/joinchat/|chat\.whatsapp\.com/(?:invite/)?"
    r"|wa\.me/(?:message|qr)/)([\w-]{6,64})",
    re.IGNORECASE,
)
_TELEGRAM_SIGNS = ("t.me/", "telegram", "tele", "tg")
_BETWEEN = r"[\s.,()_/*|-]{0,3}"
_PHONE = re.compile(
    rf"(?<!\d)(?:\+?{_BETWEEN}6{_BETWEEN}2|0){_BETWEEN}8(?:{_BETWEEN}\d){{7,11}}(?!\d)"
)
_BANKS = (
    "bca|bri|bni|btn|bsi|mandiri|cimb|danamon|permata|bukopin|maybank|ocbc|panin|sinarmas|muamalat"
    "|jago|seabank|neobank|allobank|jenius|blu"
)
# An account has 10 to 16 digits; not the sum of money that may stand beside a bank's name.
_ACCOUNT = re.compile(
    rf"\b({_BANKS})\b(?![^\d\n]{{0,30}}\brp)[^\d\n]{{0,30}}"
    r"(?!\d{1,3}(?:[.,]\d{3})+(?!\d))(?<!\d)(\d(?:[ .-]?\d){9,15})(?![ .-]?\d)"
)
_NUMERALS = {
    word: str(digit)
    for digit, words in enumerate(
        (
            ("nol", "kosong"),
            ("satu",),
            ("dua",),
            ("tiga",),
            ("empat",),
            ("lima",),
            ("enam",),
            ("tujuh",),
            ("delapan",),
            ("sembilan",),
        )
    )
    for word in words
}
_NUMERAL = re.compile(rf"\b(?:{'|'.join(_NUMERALS)})\b", re.IGNORECASE)
_KEYCAP = dict.fromkeys((0xFE0F, 0x20E3, 0x200B, 0x200C, 0x200D, 0x2060))
_DIGIT = re.compile(r"\d")
_SHORTEST_NUMBER = 9


class ContactKind(StrEnum):
    """How somebody can be reached."""

    PHONE = "phone"
    TELEGRAM = "telegram"
    INVITATION = "invitation"
    ACCOUNT = "account"
    SHORT_LINK = "short_link"
    LOOKALIKE_DOMAIN = "lookalike_domain"


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach somebody, in a form that is the same however it was written."""

    kind: ContactKind
    value: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


def hosts(text: str) -> Iterator[Span]:
    """Find every host name, dots spelled out or spaced included; ``text`` is its plain form."""
    if "." in text:
        for found in _HOST.finditer(text):
            yield Span(found.start(), found.end(), found[0].lower())
    small = text.lower()
    if "." in text or "dot" in small or "titik" in small:
        yield from _spelled_hosts(text)


def find_contacts(written: str, read_as: str) -> frozenset[Contact]:
    """Return the contacts in a comment, given as written and with its disguises undone."""
    plain = read_as if written == read_as else f"{written}\n{read_as}"
    found = set(_links(plain)) if "." in plain or "@" in plain or ":" in plain else set()
    found.update(_numbers(plain))
    if written != read_as:
        found.update(_lookalike_domains(written, read_as))
    return frozenset(found)


def _spelled_hosts(text: str) -> Iterator[Span]:
    """Find hosts whose dots are spelled; the span runs from the name to its ending."""
    for dot in _SPELLED_DOT.finditer(text):
        name = re.search(r"[a-z0-9-]{1,63}\Z", text[max(0, dot.start() - 63) : dot.start()], re.I)
        ending = re.compile(_ENDINGS, re.IGNORECASE).match(text, dot.end())
        if name and ending:
            yield Span(dot.start() - len(name[0]), ending.end(), f"{name[0]}.{ending[0]}".lower())


def _links(text: str) -> Iterator[Contact]:
    small = text.lower()
    if "wa.me/" in small or "whatsapp.com/" in small:
        for found in _WHATSAPP.finditer(small):
            yield Contact(ContactKind.PHONE, _international(found[1]))
    if any(sign in small for sign in _TELEGRAM_SIGNS):
        for found in _TELEGRAM.finditer(small):
            yield Contact(ContactKind.TELEGRAM, found[1])
    if "/" in small:
        for found in _INVITATION.finditer(text):
            yield Contact(ContactKind.INVITATION, found[1])
        for found in _SHORT_LINK.finditer(text):
            host, _, path = found[1].partition("/")
            yield Contact(ContactKind.SHORT_LINK, f"{host.lower()}/{path}")


def _numbers(text: str) -> Iterator[Contact]:
    """Find phone numbers, and accounts next to the name of their bank."""
    plain = _with_plain_digits(text)
    # Most comments hold too few digits and are let go at that.
    if len(_DIGIT.findall(plain)) < _SHORTEST_NUMBER:
        return
    # Every mobile number has an 8.
    phones = list(_PHONE.finditer(plain)) if "8" in plain else []
    for found in phones:
        yield Contact(ContactKind.PHONE, _international(re.sub(r"\D", "", found[0])))
    places = {place for found in phones for place in range(*found.span())}
    for found in _ACCOUNT.finditer(plain.lower()):
        if found.start(2) not in places:
            digits = re.sub(r"\D", "", found[2])
            yield Contact(ContactKind.ACCOUNT, f"{found[1]}:{digits}")


def _with_plain_digits(text: str) -> str:
    """Return a text whose numerals, keycaps and digits of other scripts are plain digits."""
    if not text.isascii():
        text = text.translate(_KEYCAP)
        if not text.isascii():
            text = "".join(_plain_digit(char) for char in text)
    if "delapan" not in text.lower() and "8" not in text:
        return text
    numerals = sum(word in _NUMERALS for word in words_of(text))
    if numerals and numerals + len(_DIGIT.findall(text)) >= _SHORTEST_NUMBER:
        text = _NUMERAL.sub(lambda found: _NUMERALS[found[0].lower()], text)
    return text


def _plain_digit(char: str) -> str:
    digit = unicodedata.digit(char, None) if char > "\x7f" else None
    return char if digit is None else str(digit)


def _international(digits: str) -> str:
    """Return an Indonesian number with its country code."""
    return "62" + digits[1:] if digits.startswith("0") else digits


def _lookalike_domains(written: str, read_as: str) -> Iterator[Contact]:
    """Find hosts that appear only once disguised letters are folded."""
    open_ones = {host.text for host in hosts(written)}
    for host in hosts(read_as):
        if host.text not in open_ones and re.search(rf"\.(?:{_ENDINGS})\Z", host.text):
            yield Contact(ContactKind.LOOKALIKE_DOMAIN, host.text)
