from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.words import Places, as_row, fold_case, words_of


@given(st.text(max_size=80))
def test_folding_moves_no_letter(text: str) -> None:
    assert len(fold_case(text)) == len(text)


@given(st.text(alphabet="aB İ_,.😀9ß", max_size=40))
def test_every_word_is_found_where_it_stands(text: str) -> None:
    words, places = words_of(text), Places(text)
    at = 1
    for word in words:
        start, end = places.of(at, at + len(word))
        assert fold_case(text)[start:end] == word
        at += len(word) + 1
    assert as_row(words) == f" {' '.join(words)} "
