"""How a comment's words relate to the article it stands under and the comment it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from moderation.classifier.compiled import compiled
from moderation.classifier.ngrams import Grams
from moderation.classifier.script import Keys, Places, Script
from moderation.classifier.unmask import unmask_all
from moderation.domain.scorer import Article, Passage

Flags = npt.NDArray[np.bool_]

_READ_UP_TO = 4000


@dataclass(frozen=True, slots=True)
class Shared:
    """What a batch shares with its articles and parents.

    ``shares`` holds for each passage the share of its words that the article, and that the parent
    uses too; ``words`` tells for each word of the script whether its article uses it.
    """

    shares: npt.NDArray[np.float32]
    words: Flags | None


def shared_words(passages: Sequence[Passage], grams: Grams) -> Shared:
    """Compare each passage with its article and parent; costs nothing where there is neither."""
    shares = np.zeros((len(passages), 2), np.float32)
    if not any(passage.article or passage.parent for passage in passages):
        return Shared(shares, None)
    singles = grams.singles.tolist()
    words = np.zeros(sum(singles), np.bool_)
    first = 0
    for at, (passage, begin, count) in enumerate(
        zip(passages, grams.edges[::2].tolist(), singles, strict=False)
    ):
        keys, own = grams.keys[begin : begin + count], words[first : first + count]
        if passage.article is not None:
            shares[at, 0] = _share_among(keys, article_words(passage.article), own)
        if passage.parent is not None:
            shares[at, 1] = _share_among(keys, text_words(passage.parent), np.zeros_like(own))
        first += count
    return Shared(shares, words if shares[:, 0].any() else None)


@compiled("float64(uint64[::1], Array(uint64, 1, 'C', readonly=True), boolean[::1])")
def _share_among(keys: Keys, sorted_keys: Keys, found: Flags) -> float:
    """Mark the keys that are among the sorted ones; return their share."""
    count = 0
    for at in range(keys.size):
        place = np.searchsorted(sorted_keys, keys[at])
        found[at] = place < sorted_keys.size and sorted_keys[place] == keys[at]
        count += found[at]
    return count / keys.size if keys.size else 0.0


def within_shared(script: Script, shared: Flags, grams: Grams) -> Flags:
    """Tell for each n-gram whether it says no more than the article does."""
    return _within(
        script.codes.size,
        script.word_starts,
        script.word_ends,
        shared,
        grams.starts,
        grams.edges,
        grams.singles,
    )


@compiled(
    "boolean[::1](int64, int64[::1], int64[::1], boolean[::1], int64[::1], int64[::1], int64[::1])"
)
def _within(
    size: int,
    word_starts: Places,
    word_ends: Places,
    shared: Flags,
    starts: Places,
    edges: Places,
    singles: Places,
) -> Flags:
    inside = np.zeros(size, np.bool_)
    for word in range(shared.size):
        if shared[word]:
            inside[word_starts[word] : word_ends[word]] = True
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


@lru_cache(maxsize=512)
def article_words(article: Article) -> Keys:
    """Return the keys of the words in an article's title and summary, sorted."""
    return text_words(f"{article.title} {article.summary}")


@lru_cache(maxsize=512)
def text_words(text: str) -> Keys:
    """Return the keys of a text's words, sorted."""
    grams = Grams.of(unmask_all([text[:_READ_UP_TO]])[1])
    return np.unique(grams.keys[: grams.singles[0]])
