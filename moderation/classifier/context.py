"""How a comment's words relate to the article it stands under and the comment it answers."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from moderation.classifier.compiled import compiled, inlined
from moderation.classifier.ngrams import Grams
from moderation.classifier.script import Keys, Places, Script
from moderation.classifier.unmask import unmask_all
from moderation.domain.scorer import Article, Passage

Flags = npt.NDArray[np.bool_]

_READ_UP_TO = 4000
_NO_KEYS: Keys = np.zeros(0, np.uint64)


Around: TypeAlias = tuple[Keys, Places, Keys, Places]


def compared(
    passages: Sequence[Passage], script: Script, grams: Grams
) -> tuple[npt.NDArray[np.float32], Flags]:
    """Return the share of each passage's words that its article, and that its parent uses too.

    The second array tells for each n-gram whether it says no more than the article does; it is
    empty if none does.
    """
    return compare(
        script.codes.size,
        script.word_starts,
        script.word_ends,
        grams.keys,
        grams.starts,
        grams.edges,
        grams.singles,
        *around(passages),
    )


def around(passages: Sequence[Passage]) -> Around:
    """Return the sorted keys of the words in the articles, side by side, and where each begins.

    Then those of the parents.
    """
    if not any(one.article or one.parent for one in passages):
        nowhere = np.zeros(len(passages) + 1, np.int64)
        return _NO_KEYS, nowhere, _NO_KEYS, nowhere
    articles = [article_words(one.article) if one.article else _NO_KEYS for one in passages]
    parents = [text_words(one.parent) if one.parent else _NO_KEYS for one in passages]
    return *_side_by_side(articles), *_side_by_side(parents)


def _side_by_side(parts: Sequence[Keys]) -> tuple[Keys, Places]:
    bounds = np.array([0, *accumulate(part.size for part in parts)])
    return parts[0] if len(parts) == 1 else np.concatenate(parts), bounds


@inlined
def _share_among(keys: Keys, sorted_keys: Keys, found: Flags) -> float:
    """Mark the keys that are among the sorted ones; return their share."""
    count = 0
    for at in range(keys.size):
        place = np.searchsorted(sorted_keys, keys[at])
        found[at] = place < sorted_keys.size and sorted_keys[place] == keys[at]
        count += found[at]
    return count / keys.size if keys.size else 0.0


@inlined
def _within(inside: Flags, shared: Flags, starts: Places, edges: Places, singles: Places) -> Flags:
    """Tell for each n-gram whether it lies inside the article's words."""
    weak = np.zeros(starts.size, np.bool_)
    word = 0
    for text in range(singles.size):
        for at in range(edges[2 * text], edges[2 * text] + singles[text]):
            weak[at] = shared[word]
            word += 1
        for at in range(edges[2 * text + 1], edges[2 * text + 2]):
            # Most n-grams begin with a letter; one that ends a word says something of its own.
            weak[at] = inside[starts[at] + 1]
    return weak


@compiled(
    "Tuple((float32[:, ::1], boolean[::1]))"
    "(int64, int64[::1], int64[::1], uint64[::1], int64[::1], int64[::1], int64[::1],"
    " uint64[::1], int64[::1], uint64[::1], int64[::1])"
)
def compare(
    size: int,
    word_starts: Places,
    word_ends: Places,
    keys: Keys,
    starts: Places,
    edges: Places,
    singles: Places,
    article_keys: Keys,
    articles: Places,
    parent_keys: Keys,
    parents: Places,
) -> tuple[npt.NDArray[np.float32], Flags]:
    """Return what :func:`compared` does."""
    shares = np.zeros((singles.size, 2), np.float32)
    if not article_keys.size and not parent_keys.size:
        return shares, np.zeros(0, np.bool_)
    words, unused = np.zeros(word_starts.size, np.bool_), np.zeros(word_starts.size, np.bool_)
    first = 0
    for text in range(singles.size):
        begin, end = edges[2 * text], first + singles[text]
        own, own_words = keys[begin : begin + singles[text]], words[first:end]
        article = article_keys[articles[text] : articles[text + 1]]
        parent = parent_keys[parents[text] : parents[text + 1]]
        shares[text, 0] = _share_among(own, article, own_words)
        shares[text, 1] = _share_among(own, parent, unused[first:end])
        first = end
    if not words.any():
        return shares, words[:0]
    inside = np.zeros(size, np.bool_)
    for word in range(words.size):
        if words[word]:
            inside[word_starts[word] : word_ends[word]] = True
    return shares, _within(inside, words, starts, edges, singles)


@lru_cache(maxsize=512)
def article_words(article: Article) -> Keys:
    """Return the keys of the words in an article's title and summary, sorted."""
    return text_words(f"{article.title} {article.summary}")


@lru_cache(maxsize=512)
def text_words(text: str) -> Keys:
    """Return the keys of a text's words, sorted."""
    grams = Grams.of(unmask_all([text[:_READ_UP_TO]])[1])
    return np.unique(grams.keys[: grams.singles[0]])
