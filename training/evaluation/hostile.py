"""How long the longest hostile comments take to unmask."""

import time
from collections.abc import Mapping

from moderation.classifier.unmask import unmask

LENGTH = 20_000
_TIMES = 5
# Each is repeated up to the length; together they keep every finder busy, alone and in turns.
_PIECES: Mapping[str, str] = {
    "spaced letters": "s l o t ",
    "letters between emoji": "s🔥l🔥o🔥t🔥",
    "open tags": "<b",
    "nested tags": "<b><i>[url=x]",
    "brackets of no tag": "[<",
    "character references": "&amp;amp;#115;",
    "stretched letters": "aaaa",
    "stretched numerals": "IIII ",
    "leet": "g4c0r s10t ",
    "one leet word": "4n0",
    "stacked marks": "a\u0301\u0302\u0303",
    "zero width": "s\u200b\u2060l",
    "other scripts": "ѕlоt ",
    "bold": "𝐒𝐋𝐎𝐓 ",
    "regional letters": "🇸🇱🇴",
    "every trick": "𝐒 l\u200b0 <b>&#115;</b> ѕaaaa 🇸🇱 g.o.b.l.o.k ",
}


def texts() -> dict[str, str]:
    """Return each hostile text by its name, all of one length."""
    return {name: (piece * (LENGTH // len(piece) + 1))[:LENGTH] for name, piece in _PIECES.items()}


def milliseconds() -> dict[str, float]:
    """Return the processor time each hostile text takes to unmask, the best of several times."""
    return {name: round(1000 * _best(text), 2) for name, text in texts().items()}


def _best(text: str) -> float:
    taken = []
    for _ in range(_TIMES):
        began = time.process_time()
        unmask(text)
        taken.append(time.process_time() - began)
    return min(taken)
