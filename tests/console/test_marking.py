"""Cutting a comment into pieces that a page can show."""

from hypothesis import given
from hypothesis import strategies as st

from moderation.console.marking import Piece, mark
from moderation.domain.verdict import Label, Reason, Span


def a_reason(label: Label, *spans: tuple[int, int]) -> Reason:
    return Reason(label, 0.9, 0.5, "", tuple(Span(start, end, "") for start, end in spans))


def test_a_text_without_reasons_is_one_piece() -> None:
    assert mark("apa kabar", []) == [Piece("apa kabar")]


def test_overlapping_reasons_share_the_middle() -> None:
    reasons = [a_reason(Label.SPAM, (0, 4)), a_reason(Label.ABUSE, (2, 6))]

    assert mark("abcdefgh", reasons) == [
        Piece("ab", (Label.SPAM,)),
        Piece("cd", (Label.SPAM, Label.ABUSE)),
        Piece("ef", (Label.ABUSE,)),
        Piece("gh"),
    ]


def test_what_cannot_be_seen_is_named() -> None:
    assert mark("a\u200bb", []) == [
        Piece("a"),
        Piece("U+200B", (), "Zero Width Space"),
        Piece("b"),
    ]


def test_emoji_families_and_line_breaks_are_left_alone() -> None:
    text = "keluarga 👨\u200d👩\u200d👧\nkami"

    assert mark(text, []) == [Piece(text)]


@given(
    st.text(),
    st.lists(st.tuples(st.sampled_from(Label), st.integers(-5, 40), st.integers(-5, 40))),
)
def test_nothing_of_the_text_is_lost(text: str, spans: list[tuple[Label, int, int]]) -> None:
    pieces = mark(text, [a_reason(label, (start, end)) for label, start, end in spans])

    shown = "".join(
        chr(int(piece.text[2:], 16)) if piece.unseen else piece.text for piece in pieces
    )
    assert shown == text
