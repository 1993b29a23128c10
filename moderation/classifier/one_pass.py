"""All that scoring asks of a batch in one loop, without the arrays between its parts.

A short comment costs little to read, and much to hand from one array to the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from moderation.classifier import style
from moderation.classifier.compiled import compiled
from moderation.classifier.context import around, compare
from moderation.classifier.counting import SUBLINEAR, add_up
from moderation.classifier.features import Floats
from moderation.classifier.ngrams import fingerprints
from moderation.classifier.screen import signs_in
from moderation.classifier.script import (
    TABLES,
    Codes,
    Keys,
    Kinds,
    Places,
    read_codes,
    side_by_side,
)
from moderation.classifier.style import Shares, shares_in
from moderation.classifier.unmask import Unmasked, unmask_seen
from moderation.classifier.vocabulary import Vocabulary
from moderation.domain.scorer import Passage


@dataclass(frozen=True, slots=True)
class Totals:
    """What a batch adds up to: ``sums`` and ``known`` as of :func:`.counting.added_up`."""

    texts: list[Unmasked]
    sums: Floats
    known: Floats
    dense: Floats


def read_at_once(
    passages: Sequence[Passage], vocabulary: Vocabulary, idf: Floats, characters: int, rows: Floats
) -> Totals:
    """Return what ``extract`` and ``added_up`` find, to the last bit.

    The rows are those that :func:`.counting.rows_of` let through with the rest.
    """
    written = [passage.text for passage in passages]
    others = *around(passages), vocabulary.slots, idf, characters, SUBLINEAR, rows
    signs, sums, known, shared, shares = _read(False, *(*side_by_side(written), *TABLES, *others))
    seen: list[int] = signs.tolist()
    texts = unmask_seen(written, seen)
    if any(seen):
        folded = side_by_side([one.text for one in texts])
        _, sums, known, shared, shares = _read(True, *(*folded, *TABLES, *others))
    return Totals(texts, sums, known, style.describe(passages, texts, shares, shared))


@compiled(
    "Tuple((uint8[::1], float32[:, ::1], float32[::1], float32[:, ::1], float64[:, ::1]))"
    "(boolean, Array(uint32, 1, 'C', readonly=True), int64[::1], uint8[::1], uint32[::1],"
    " uint64[::1], int64[::1], uint64[::1], int64[::1],"
    " uint64[::1], float32[::1], int64, float32[::1], float32[:, ::1])"
)
def _read(
    unmasked: bool,
    raw: Codes,
    lengths: Places,
    kind_of: Kinds,
    folded: Codes,
    article_keys: Keys,
    articles: Places,
    parent_keys: Keys,
    parents: Places,
    slots: Keys,
    idf: Floats,
    characters: int,
    sublinear: Floats,
    rows: Floats,
) -> tuple[Kinds, Floats, Floats, Floats, Shares]:
    codes, kinds, _, bounds, word_starts, word_ends = read_codes(raw, lengths, kind_of, folded)
    signs = signs_in(codes, kinds, bounds, word_starts, word_ends)
    if not unmasked and signs.any():
        nothing = np.zeros((0, 0), np.float32)
        return signs, nothing, np.zeros(0, np.float32), nothing, np.zeros((0, 0), np.float64)
    keys, starts, _, edges, singles = fingerprints(codes, kinds, bounds, word_starts, word_ends)
    shared, weak = compare(
        codes.size, word_starts, word_ends, keys, starts, edges, singles,
        article_keys, articles, parent_keys, parents,
    )  # fmt: skip
    sums, known = add_up(keys, edges, singles, weak, slots, idf, characters, sublinear, rows)
    return signs, sums, known, shared, shares_in(kinds, bounds)
