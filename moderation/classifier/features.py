"""The one definition of the features, for training and serving alike.

A passage becomes sublinear counts of words and character n-grams over its unmasked text, weighted
by rarity, each of the two blocks scaled to unit length, and a few dense features about how it is
written. Words that the article itself uses count less: there they are the subject.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moderation.classifier import ngrams, style
from moderation.classifier.context import Flags, shared_words, within_shared
from moderation.classifier.ngrams import Grams, Hashed
from moderation.classifier.script import Places, Script
from moderation.classifier.unmask import Unmasked, unmask_all
from moderation.classifier.vocabulary import Vocabulary
from moderation.domain.scorer import Passage

Floats = npt.NDArray[np.float32]

BLOCKS = ("words", "characters")
DENSE = style.NAMES
SUBJECT = np.float32(0.5)
"""What a word's weight is multiplied with where the article uses it too."""

_SUBLINEAR = np.concatenate(([0], 1 + np.log(np.arange(1, 4096)))).astype(np.float32)
# The sort key of an n-gram: its passage, its id, and whether it stands in a word of the article.
_ID_BITS = 24
_DOC_SHIFT = _ID_BITS + 1
_ID_MASK = (1 << _ID_BITS) - 1


@dataclass(frozen=True, slots=True)
class Extract:
    """What a batch shows: its n-grams by block, and the dense features of each passage."""

    texts: list[Unmasked]
    script: Script
    grams: tuple[Grams, Grams]
    weak: Flags | None
    dense: Floats


@dataclass(frozen=True, slots=True)
class Counted:
    """The known n-grams of a batch with their weights, ordered by passage and id.

    An n-gram that stands both inside and outside the article's words has two entries. ``known``
    is the share of each passage's words that are in the vocabulary.
    """

    docs: Places | None
    ids: Places
    values: Floats
    known: Floats


def extract(passages: Sequence[Passage], *, located: bool = False) -> Extract:
    """Read passages; ``located`` also tells where each n-gram stands."""
    texts, script = unmask_all([passage.text for passage in passages])
    hashed = Hashed.of(script)
    shared = shared_words(passages, hashed)
    located = located or script.docs is not None or shared.words is not None
    words = ngrams.word_grams(hashed, located=located)
    characters = ngrams.char_grams(hashed, located=located)
    weak = None
    if shared.words is not None:
        weak = within_shared(script, shared.words, words, characters)
    dense = style.describe(passages, texts, script, shared.shares)
    return Extract(texts, script, (words, characters), weak, dense)


def count_known(found: Extract, vocabulary: Vocabulary, idf: Floats, characters: int) -> Counted:
    """Look the n-grams up and weigh them; the ids of character n-grams begin at ``characters``."""
    words, chars = found.grams
    keys = np.concatenate((words.keys, chars.keys))
    hits, ids = vocabulary.find(keys)
    ids <<= 1
    if found.weak is not None:
        ids |= found.weak.take(hits)
    if words.docs is None or chars.docs is None:
        # Where there is no word, as in a row of emoji, none is unknown.
        share = np.count_nonzero(hits < words.single) / words.single if words.single else 1.0
        return _count_one(ids, idf, characters, np.array([share], np.float32))
    docs = np.concatenate((words.docs, chars.docs))
    own = docs.take(hits)
    known = _known_shares(own[hits < words.single], docs[: words.single], len(found.texts))
    ids |= own << _DOC_SHIFT
    return _count_many(ids, idf, characters, known)


def _known_shares(known: Places, every: Places, count: int) -> Floats:
    total = np.bincount(every, minlength=count)
    shares = np.bincount(known, minlength=count) / np.maximum(total, 1)
    return np.where(total == 0, 1.0, shares).astype(np.float32)


def _count(marked: Places, idf: Floats) -> tuple[Places, Places, Floats]:
    """Sort in place; return the distinct sort keys, their ids and their weights before scaling."""
    marked.sort()
    new = np.ones(marked.size + 1, np.bool_)
    np.not_equal(marked[1:], marked[:-1], out=new[1:-1])
    (firsts,) = new.nonzero()
    distinct = marked.take(firsts[:-1])
    ids = (distinct >> 1) & _ID_MASK
    values = _SUBLINEAR.take(firsts[1:] - firsts[:-1], mode="clip")
    values *= idf.take(ids)
    return distinct, ids, values


def _discount(distinct: Places, values: Floats) -> None:
    """Lower the weight of what stands in the article's words, after the scaling to unit length."""
    values[(distinct & 1) != 0] *= SUBJECT


def _count_one(marked: Places, idf: Floats, characters: int, known: Floats) -> Counted:
    distinct, ids, values = _count(marked, idf)
    edge = int(ids.searchsorted(characters))
    for block in (values[:edge], values[edge:]):
        if block.size:
            block *= float(block @ block) ** -0.5
    _discount(distinct, values)
    return Counted(None, ids, values, known)


def _count_many(marked: Places, idf: Floats, characters: int, known: Floats) -> Counted:
    distinct, ids, values = _count(marked, idf)
    docs = distinct >> _DOC_SHIFT
    edges = (np.arange(known.size)[:, None] << _DOC_SHIFT) + np.array([0, characters << 1])
    bounds = np.append(distinct.searchsorted(edges.ravel()), distinct.size)
    sums = np.concatenate(([0.0], np.cumsum(np.square(values, dtype=np.float64))))
    squares = sums[bounds[1:]] - sums[bounds[:-1]]
    lengths = np.maximum(squares, 1e-12) ** -0.5
    values *= np.repeat(lengths, bounds[1:] - bounds[:-1]).astype(np.float32)
    _discount(distinct, values)
    return Counted(docs, ids, values, known)
