"""How a comment's words relate to the article it stands under and the comment it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from moderation.classifier.ngrams import Grams, Hashed
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


def shared_words(passages: Sequence[Passage], hashed: Hashed) -> Shared:
    """Compare each passage with its article and parent; costs nothing where there is neither."""
    shares = np.zeros((len(passages), 2), np.float32)
    if not any(passage.article or passage.parent for passage in passages):
        return Shared(shares, None)
    words = np.zeros(hashed.words.size, np.bool_)
    for at, passage in enumerate(passages):
        if passage.article is None and passage.parent is None:
            continue
        own = _words_of(hashed, at)
        keys = hashed.words[own]
        if passage.article is not None and keys.size:
            words[own] = _among(keys, article_words(passage.article))
            shares[at, 0] = words[own].mean()
        if passage.parent is not None and keys.size:
            shares[at, 1] = _among(keys, text_words(passage.parent)).mean()
    return Shared(shares, words if words.any() else None)


def _words_of(hashed: Hashed, at: int) -> slice:
    script = hashed.script
    if script.docs is None:
        return slice(None)
    first, end = script.word_starts.searchsorted(script.docs.searchsorted([at, at + 1])).tolist()
    return slice(first, end)


def _among(keys: Keys, sorted_keys: Keys) -> Flags:
    if not sorted_keys.size:
        return np.zeros(keys.size, np.bool_)
    at = sorted_keys.searchsorted(keys)
    at[at == sorted_keys.size] = 0
    found: Flags = sorted_keys.take(at) == keys
    return found


def within_shared(script: Script, shared: Flags, words: Grams, characters: Grams) -> Flags:
    """Tell for each located n-gram, words first, whether it says no more than the article does."""
    inside = np.zeros(script.kinds.size + 1, np.int8)
    inside[script.word_starts[shared]] += 1
    inside[script.word_ends[shared]] -= 1
    inside = inside.cumsum(dtype=np.int8)
    weak = np.zeros(words.keys.size, np.bool_)
    weak[: words.single] = shared
    places: Places = np.zeros(0, np.int64) if characters.starts is None else characters.starts
    return np.concatenate((weak, inside.take(places + 1) > 0))


@lru_cache(maxsize=512)
def article_words(article: Article) -> Keys:
    """Return the keys of the words in an article's title and summary, sorted."""
    return text_words(f"{article.title} {article.summary}")


@lru_cache(maxsize=512)
def text_words(text: str) -> Keys:
    """Return the keys of a text's words, sorted."""
    return np.unique(Hashed.of(unmask_all([text[:_READ_UP_TO]])[1]).words)
