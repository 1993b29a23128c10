"""Tell at a glance which texts hold a trick worth looking for, so that honest ones cost little."""

from enum import IntFlag

import numpy as np
import numpy.typing as npt

from moderation.classifier.script import LATIN, LOOKALIKE, MARKUP, NUMERIC, UNSEEN, Places, Script


class Sign(IntFlag):
    """What was seen in a text; each sign calls for the finders of one trick or two."""

    NONE = 0
    SPACED = 1
    LEET = 2
    STRETCHED = 4
    MARKUP = MARKUP
    UNSEEN = UNSEEN
    LOOKALIKE = LOOKALIKE


_SEEN_AS_KIND = MARKUP | UNSEEN | LOOKALIKE
_WIDEST_GAP = 4
_LEADS = np.zeros(0x110000, np.bool_)
_LEADS[[ord(char) for char in "nms"]] = True
_NOWHERE: Places = np.zeros(0, np.int64)


def signs(script: Script) -> npt.NDArray[np.uint8] | None:
    """Return for each text the union of the signs it shows, ``None`` if no text shows any."""
    found = (
        (Sign.STRETCHED, _stretched(script)),
        (Sign.LEET, _leet(script)),
        (Sign.SPACED, _spaced(script)),
    )
    if not script.seen & _SEEN_AS_KIND and not any(places.size for _, places in found):
        return None
    seen = script.kinds & np.uint8(_SEEN_AS_KIND)
    for sign, places in found:
        seen[places] |= np.uint8(sign)
    if script.docs is None:
        return np.bitwise_or.reduce(seen, keepdims=True)
    # A blank text may have no element of its own: its space is one with the space before it.
    (firsts,) = np.diff(script.docs, prepend=-1).nonzero()
    union = np.zeros(script.count, np.uint8)
    union[script.docs.take(firsts)] = np.bitwise_or.reduceat(seen, firsts)
    return union


def _stretched(script: Script) -> Places:
    """Find three equal letters, whatever their case."""
    same = script.codes[1:] == script.codes[:-1]
    (places,) = (same[1:] & same[:-1]).nonzero()
    letters: Places = places[(script.kinds.take(places) & LATIN) != 0]
    return letters


def _leet(script: Script) -> Places:
    """Find a digit or sign between two letters, or before an n, m or s."""
    if not script.seen & NUMERIC:
        return _NOWHERE
    (places,) = (script.kinds & NUMERIC).nonzero()
    after = places + 1
    letter_after = (script.kinds.take(after) & LATIN) != 0
    letter_before = (script.kinds.take(places - 1) & LATIN) != 0
    found: Places = places[letter_after & (letter_before | _LEADS.take(script.codes.take(after)))]
    return found


def _spaced(script: Script) -> Places:
    """Find two words of one letter with a short gap between them."""
    (singles,) = (script.word_ends - script.word_starts == 1).nonzero()
    if singles.size < 2:
        return _NOWHERE
    starts = script.word_starts.take(singles)
    close: Places = starts[1:][starts[1:] - starts[:-1] <= _WIDEST_GAP]
    return close
