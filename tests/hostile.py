"""Strings made to break whatever handles text."""

import random

# Where text handling breaks: controls, surrogates, joiners, direction, fillers, the last planes.
RANGES = (
    (0x00, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x300, 0x36F), (0x600, 0x6FF), (0x115F, 0x1160),
    (0x17B4, 0x17B5), (0x180B, 0x180F), (0x1F00, 0x1FFF), (0x2000, 0x206F), (0x20D0, 0x20FF),
    (0x2800, 0x28FF), (0x3164, 0x3164), (0xD800, 0xDFFF), (0xE000, 0xE0FF), (0xFB00, 0xFB4F),
    (0xFDD0, 0xFDFA), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFF),
    (0x1D400, 0x1D7FF), (0x1F1E6, 0x1F1FF), (0x1F300, 0x1F6FF), (0xE0000, 0xE007F),
    (0xE0100, 0xE01EF), (0x10FFF0, 0x10FFFF), (0x20, 0x7E), (0x20, 0x7E), (0x61, 0x7A),
)  # fmt: skip
FRAGMENTS = (
    "'; DROP TABLE comments;--", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}",
    "../../etc/passwd", "%00%0a%0d", "\r\nSet-Cookie: x=1", "https://" + "a." * 40, "ﷺ" * 5,
    "a" + "\u0301" * 60, "\u202e\u2066",
    "👨\u200d👩\u200d👧\u200d👦", "&#x26;#38;" * 5, "[url=http://x]x[/url]", "==" * 20,
)  # fmt: skip


def hostile(chance: random.Random) -> str:
    def character() -> str:
        return chr(chance.randint(*chance.choice(RANGES)))

    def piece() -> str:
        return chance.choice(FRAGMENTS) if chance.random() < 0.15 else character()

    text = "".join(piece() for _ in range(chance.randint(1, 40)))
    return text * chance.choice((1, 1, 1, 1, 20))
