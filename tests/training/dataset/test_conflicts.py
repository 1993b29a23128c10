"""The rule of conflicts, for any statements in any order."""

from collections import Counter
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.scorer import Passage
from moderation.domain.verdict import LABELS, Label
from tests.factories import MONDAY
from training.dataset.conflicts import Finding, agree, finding_of, fold, precedence, settle
from training.dataset.statements import RANK, Statement, Voice, harm_of

ANY_KNOWN = st.one_of(
    st.just(dict.fromkeys(LABELS, False)),
    st.sets(st.sampled_from(LABELS), min_size=1).map(lambda held: dict.fromkeys(held, True)),
    st.dictionaries(st.sampled_from(LABELS), st.booleans(), min_size=1),
)


def a_finding(
    known: dict[Label, bool], voice: Voice = Voice.MODERATOR, minute: int | None = 0, place: int = 0
) -> Finding:
    at = None if minute is None else MONDAY + timedelta(minutes=minute)
    return finding_of(
        Statement("c", place, voice, Passage("ya"), known, harm_of(known), at, at, "kabar")
    )


@st.composite
def findings(draw: st.DrawFn) -> list[Finding]:
    count = draw(st.integers(1, 6))
    return [
        a_finding(
            draw(ANY_KNOWN),
            draw(st.sampled_from(Voice)),
            draw(st.one_of(st.none(), st.integers(0, 3))),
            place,
        )
        for place in range(count)
    ]


@given(findings(), st.integers())
def test_the_best_voice_counts_in_any_order_and_all_others_are_counted(
    given_: list[Finding], seed: int
) -> None:
    left_out = Counter[str]()
    settled = settle(given_, left_out)
    mixed = Random(seed).sample(given_, len(given_))

    assert settle(mixed, Counter()) == settled
    assert RANK[settled.statement.voice] == min(RANK[one.statement.voice] for one in given_)
    best = min(given_, key=precedence)
    assert best.known.items() <= settled.known.items()
    assert left_out.total() == len(given_) - 1


@given(findings(), st.booleans())
def test_what_stays_apart_contradicts_and_all_comments_are_counted(
    given_: list[Finding], same_text: bool
) -> None:
    left_out = Counter[str]()
    kept = fold(given_, left_out, same_text=same_text)

    assert len(kept) + left_out.total() == len(given_)
    assert sum(one.copies for one in kept) + left_out["outranked"] == len(given_)
    if same_text:
        assert len(kept) == 1


def test_the_later_of_two_moderators_counts() -> None:
    first, second = (
        a_finding({Label.ABUSE: True}, minute=1),
        a_finding({Label.HATE: False}, minute=2),
    )
    clean = a_finding(dict.fromkeys(LABELS, False), minute=3)

    assert settle([first, second, clean], Counter()).known == clean.known
    assert settle([clean, a_finding({Label.SPAM: True}, minute=4)], Counter()).known == {
        Label.SPAM: True
    }


def test_who_agrees_fills_in_what_was_left_open() -> None:
    abuse, spam_free = a_finding({Label.ABUSE: True}), a_finding({Label.SPAM: False}, Voice.FILE)

    assert agree(abuse, spam_free)
    assert settle([spam_free, abuse], Counter()).known == {Label.ABUSE: True, Label.SPAM: False}
