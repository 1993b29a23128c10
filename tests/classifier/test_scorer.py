"""Every label's score from one pass, the same alone and in a batch."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.classifier.artifact import champion_version, load_version
from moderation.classifier.features import extract
from moderation.classifier.scorer import LinearScorer
from moderation.domain.scorer import Article, Passage
from moderation.domain.verdict import LABELS, Label

TEXTS = ["ayo main slot gacor", "dasar bupati goblok", "", "   ", "ayo main", "𝐬𝐥𝐨𝐭 𝐠𝐚𝐜𝐨𝐫"]
MODELS = Path(__file__).parents[2] / "models"
CHAMPION = load_version(MODELS, champion_version(MODELS))


def test_the_label_a_word_speaks_for_scores_highest(scorer: LinearScorer) -> None:
    spam, abuse = scorer.read([Passage("ayo main slot gacor"), Passage("dasar bupati goblok")])

    assert max(spam.scores, key=spam.scores.__getitem__) is Label.SPAM
    assert max(abuse.scores, key=abuse.scores.__getitem__) is Label.ABUSE


def test_a_batch_scores_as_each_alone(scorer: LinearScorer) -> None:
    passages = [Passage(text) for text in TEXTS * 3]

    together = scorer.read(passages)
    alone = [scorer.read([passage])[0] for passage in passages]

    for one, other in zip(together, alone, strict=True):
        assert one.read_as == other.read_as
        for label in LABELS:
            assert abs(one.scores[label] - other.scores[label]) < 1e-6


def test_a_disguised_word_scores_near_the_plain_one(scorer: LinearScorer) -> None:
    plain, disguised = scorer.read([Passage("slot gacor"), Passage("𝐬𝐥𝐨𝐭 𝐠𝐚𝐜𝐨𝐫")])

    assert disguised.read_as == "slot gacor"
    assert abs(plain.scores[Label.SPAM] - disguised.scores[Label.SPAM]) < 1e-6


def test_text_without_a_known_word_is_in_no_known_language(scorer: LinearScorer) -> None:
    (reading,) = scorer.read([Passage("tämä on suomea eikä sitä tunneta")])

    assert not reading.known_language


@pytest.mark.parametrize("text", ["👍👍👍", "!!!"])
def test_a_text_without_words_is_in_no_unknown_language(scorer: LinearScorer, text: str) -> None:
    alone = scorer.read([Passage(text)])
    among = scorer.read([Passage("dasar bupati"), Passage(text), Passage("ayo main")])

    assert alone[0].known_language
    assert among[1].known_language


@pytest.mark.parametrize(
    ("text", "legible"),
    [
        ("ayo main slot gacor", True),
        ("slot gacor", False),
        ("slot xqzwv jkwqx", False),
    ],
)
def test_only_a_text_of_several_known_words_may_be_rejected(
    scorer: LinearScorer, text: str, legible: bool
) -> None:
    (reading,) = scorer.read([Passage(text)])

    assert reading.legible is legible


def test_a_word_of_the_article_is_weaker_evidence(scorer: LinearScorer) -> None:
    text = "dasar bupati goblok"
    article = Article(title="Bupati disebut goblok oleh lawannya")

    alone, under = scorer.read([Passage(text), Passage(text, article)])

    assert under.scores[Label.ABUSE] < alone.scores[Label.ABUSE]


def test_the_spans_are_the_words_that_carried_the_score(scorer: LinearScorer) -> None:
    (found,) = scorer.explain([Passage("ayo main 𝐬𝐥𝐨𝐭 gacor sore ini")], [[Label.SPAM]])

    assert [span.text for span in found.spans[Label.SPAM]] == ["𝐬𝐥𝐨𝐭 gacor"]


def test_nothing_scored_is_explained_by_nothing(scorer: LinearScorer) -> None:
    assert scorer.explain([Passage("sore ini")], [[Label.SPAM]])[0].spans == {Label.SPAM: ()}


@given(st.lists(st.text(max_size=80), max_size=6))
def test_any_texts_get_a_probability_for_every_label(texts: list[str]) -> None:
    passages = [Passage(text, Article(title=text), text) for text in texts]

    for reading in CHAMPION.read(passages):
        assert all(0 <= reading.scores[label] <= 1 for label in LABELS)


@given(st.lists(st.text(max_size=80), min_size=1, max_size=6))
def test_one_loop_scores_as_its_parts_do_and_each_text_as_alone(texts: list[str]) -> None:
    passages = [Passage(text, Article(title=text[:20]), texts[0]) for text in texts]

    margins, known = CHAMPION.margins(extract(passages))
    readings = CHAMPION.read(passages)

    scores = [list(reading.scores.values()) for reading in readings]
    assert scores == CHAMPION.calibrated(margins).tolist()
    assert [reading.known_share for reading in readings] == known.tolist()
    assert readings == [CHAMPION.read([passage])[0] for passage in passages]


@given(st.text(max_size=200))
def test_spans_lie_in_the_text_as_written(text: str) -> None:
    (found,) = CHAMPION.explain([Passage(text)], [LABELS])

    for spans in found.spans.values():
        for span in spans:
            assert text[span.start : span.end] == span.text


@given(st.lists(st.text(max_size=80), max_size=6))
def test_many_passages_at_once_are_explained_as_one_by_one(texts: list[str]) -> None:
    passages = [Passage(text, Article(title=text[:20])) for text in texts]

    together = CHAMPION.explain(passages, [LABELS] * len(texts))

    assert together == [CHAMPION.explain([one], [LABELS])[0] for one in passages]
