"""The compiled loops find the n-grams that a plain definition names, each where it stands."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from moderation.classifier.ngrams import CHAR_SIZES, Grams
from moderation.classifier.script import NUMERIC, SPACE, WORD, Script

WHOLE = 1 << 64
Gram = tuple[int, int, int]
Stretch = tuple[int, int]

# Letters, digits and signs, blanks of several kinds, and characters from everywhere.
TEXTS = st.lists(st.text(st.sampled_from("abC2@ é\n\u2003,😀") | st.characters(), max_size=30))


def hashed(codes: list[int], salt: int = 0) -> int:
    key = sum(code * pow(0x9E3779B97F4A7C15, at, WHOLE) for at, code in enumerate(codes)) % WHOLE
    return mixed(key ^ salt)


def mixed(key: int) -> int:
    key ^= key >> 32
    key = key * 0xD6E8FEB86659FD93 % WHOLE
    return key ^ key >> 32


def words_of(script: Script, first: int, end: int) -> list[Stretch]:
    stretches = zip(script.word_starts.tolist(), script.word_ends.tolist(), strict=True)
    return [stretch for stretch in stretches if first <= stretch[0] < end]


def word_grams(script: Script, words: list[Stretch]) -> list[Gram]:
    codes, kinds = script.codes.tolist(), script.kinds.tolist()
    grams = [(hashed(codes[start:end], 0xA24BAED4963EE407), start, end) for start, end in words]
    for (start, middle), (next_start, end) in pairwise(words):
        unmixed = [
            sum(
                code * pow(0x9E3779B97F4A7C15, at, WHOLE)
                for at, code in enumerate(codes[first:last])
            )
            for first, last in ((start, middle), (next_start, end))
        ]
        key = (unmixed[0] * 0xBF58476D1CE4E5B9 + unmixed[1]) % WHOLE
        grams.append((mixed(key ^ 0xA24BAED4963EE407 * 2 % WHOLE), start, end))
    for start, end in words:
        digits = [kind & NUMERIC and kind & WORD for kind in kinds[start:end]]
        if any(digits):
            shape = [ord("0") if digit else ord("x") for digit in digits]
            grams.append((hashed(shape, 0x5851F42D4C957F2D), start, end))
    return grams


def char_grams(script: Script, first: int, end: int) -> list[Gram]:
    codes, kinds = script.codes.tolist(), script.kinds.tolist()
    return [
        (hashed(codes[start : start + width]), start, start + width)
        for start in range(max(first - 1, 0), end - 1)
        for width in CHAR_SIZES
        if start + width <= len(codes)
        and not any(kind & SPACE for kind in kinds[start + 1 : start + width - 1])
    ]


@given(TEXTS)
def test_every_text_has_the_ngrams_of_the_definition(texts: list[str]) -> None:
    script = Script.of(texts)
    grams = Grams.of(script)

    found = list(zip(grams.keys.tolist(), grams.starts.tolist(), grams.ends.tolist(), strict=True))
    edges, bounds = grams.edges.tolist(), script.bounds.tolist()
    for at in range(len(texts)):
        words = words_of(script, bounds[at], bounds[at + 1])
        assert found[edges[2 * at] : edges[2 * at + 1]] == word_grams(script, words)
        assert found[edges[2 * at + 1] : edges[2 * at + 2]] == char_grams(
            script, bounds[at], bounds[at + 1]
        )
        assert grams.singles[at] == len(words)


@given(TEXTS)
def test_a_text_has_the_same_ngrams_alone_and_among_others(texts: list[str]) -> None:
    together = Grams.of(Script.of(texts))

    for block in (0, 1):
        keys, owners = together.in_block(block)
        for at, text in enumerate(texts):
            alone, _ = Grams.of(Script.of([text])).in_block(block)
            assert np.array_equal(keys[owners == at], alone)
