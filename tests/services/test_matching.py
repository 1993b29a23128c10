from collections.abc import Iterable

import pytest

from moderation.classifier.unmask import unmask
from moderation.domain.rules import Effect, Hit, Mode, Rule, RuleKind
from moderation.domain.scorer import Reading
from moderation.domain.verdict import Span
from moderation.domain.words import words_of
from moderation.services.matching import DomainMatcher, Entry, WordMatcher


def a_list(id_: int, effect: Effect = Effect.REJECT, kind: RuleKind = RuleKind.WORDS) -> Rule:
    return Rule(id_, 1, f"list-{id_}", kind, effect, Mode.ON, 1, {})


def entries(words: Iterable[str], rule: Rule) -> list[Entry]:
    return [Entry(rule, word, unmask(word).text) for word in words]


def a_reading(text: str) -> Reading:
    unmasked = unmask(text)
    return Reading({}, unmasked.text, starts=unmasked.starts)


def find(text: str, *words: str) -> list[Hit]:
    return look(WordMatcher(entries(words, a_list(1))), text)


def look(matcher: WordMatcher, text: str) -> list[Hit]:
    reading = a_reading(text)
    return matcher.find(text, reading, words_of(reading.read_as))


@pytest.mark.parametrize(
    "text",
    [
        "main slot gacor yuk",
        "Main SLOT, GACOR!",
        "𝐒𝐋𝐎𝐓 𝐆𝐀𝐂𝐎𝐑 malam ini",
        "ayo s l o t g a c o r",
        "ѕlоt gаcor",
        "slot\n  gacor",
        "s\u200blot gac\u200bor",
    ],
)
def test_no_disguise_hides_a_listed_phrase(text: str) -> None:
    assert [hit.entries for hit in find(text, "slot gacor")] == [("slot gacor",)]


@pytest.mark.parametrize(
    ("word", "innocent"),
    [
        ("asu", "Asuransi itu masuk akal, kasus selesai"),
        ("anal", "analisis kanal banjir"),
        ("slot", "slotted dan eslot"),
        ("babi", "Babinsa membantu warga"),
    ],
)
def test_a_word_inside_an_innocent_word_is_no_hit(word: str, innocent: str) -> None:
    assert find(innocent, word) == []


def test_a_star_finds_every_word_that_begins_so() -> None:
    assert [hit.entries for hit in find("situs judionline baru", "judi*")] == [("judi*",)]
    assert find("perjudian", "judi*") == []


def test_spans_point_into_the_text_as_written() -> None:
    text = "Halo 𝐒 𝐋 𝐎 𝐓, mampir."

    (hit,) = find(text, "slot")

    (span,) = hit.spans
    assert text[span.start : span.end] == span.text == "𝐒 𝐋 𝐎 𝐓"


def test_a_letter_that_grows_in_small_letters_moves_no_span() -> None:
    text = "İİİ bandar judi"

    assert find(text, "judi")[0].spans == (Span(11, 15, "judi"),)


def test_an_allowed_phrase_shields_what_lies_inside_it_and_no_more() -> None:
    dogs = entries(["anjing"], a_list(1)) + entries(
        ["anjing pelacak"], a_list(2, effect=Effect.ALLOW)
    )
    matcher = WordMatcher(dogs)
    honest, mixed = "anjing pelacak polisi", "anjing pelacak itu lebih pintar, anjing"

    assert look(matcher, honest) == []
    (hit,) = look(matcher, mixed)
    assert [span.start for span in hit.spans] == [33]


def test_one_word_on_two_lists_is_a_hit_of_each() -> None:
    both = entries(["judi"], a_list(1)) + entries(["judi"], a_list(2, effect=Effect.HOLD))

    hits = look(WordMatcher(both), "judi")

    assert [hit.rule.id for hit in hits] == [1, 2]


@pytest.mark.parametrize(
    ("text", "author_url", "found"),
    [
        ("lihat https://www.mawar88.com/daftar", "", True),
        ("main di promo.mawar88.com", "", True),
        ("MAWAR88 dot com", "", True),
        ("mawar88 (titik) com", "", True),
        ("mawar88 . com", "", True),
        ("ｍａｗａｒ８８.ｃｏｍ", "", True),
        ("bagus", "http://mawar88.com/x", True),
        ("lihat bukanmawar88.com", "", False),
        ("mawar88.com.contoh.id", "", False),
        ("aman.mawar88.com", "", False),
    ],
)
def test_a_listed_domain_is_found_with_all_below_it(
    text: str, author_url: str, found: bool
) -> None:
    listed = a_list(1, kind=RuleKind.DOMAINS)
    allowed = a_list(2, Effect.ALLOW, RuleKind.DOMAINS)
    matcher = DomainMatcher(
        [
            Entry(listed, "mawar88.com", "mawar88.com"),
            Entry(allowed, "aman.mawar88.com", "aman.mawar88.com"),
        ]
    )

    assert bool(matcher.find(text, a_reading(text), author_url)) is found
