"""The one definition of the features, for training and serving alike.

A passage becomes sublinear counts of words and character n-grams over its unmasked text, weighted
by rarity, each of the two blocks scaled to unit length, and a few dense features about how it is
written. Words that the article itself uses count less: there they are the subject.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moderation.classifier import style
from moderation.classifier.context import Flags, compared
from moderation.classifier.ngrams import Grams
from moderation.classifier.script import Script
from moderation.classifier.unmask import Unmasked, unmask_all
from moderation.domain.scorer import Passage

Floats = npt.NDArray[np.float32]

BLOCKS = ("words", "characters")
DENSE = style.NAMES


@dataclass(frozen=True, slots=True)
class Extract:
    """What a batch shows: its n-grams, and the dense features of each passage.

    ``weak`` tells which n-grams stand in words of the article; it is empty if none does.
    """

    texts: list[Unmasked]
    script: Script
    grams: Grams
    weak: Flags
    dense: Floats


def extract(passages: Sequence[Passage]) -> Extract:
    """Read passages."""
    texts, script = unmask_all([passage.text for passage in passages])
    grams = Grams.of(script)
    shared, weak = compared(passages, script, grams)
    shares = style.shares_in(script.kinds, script.bounds)
    dense = style.describe(passages, texts, shares, shared)
    return Extract(texts, script, grams, weak, dense)
