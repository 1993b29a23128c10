from collections.abc import Sequence

import pytest

from moderation.domain.scorer import Passage, Reading
from moderation.domain.verdict import SpamKind, Verdict
from moderation.services.assessing import assess
from tests.factories import FakeScorer


class PickyScorer(FakeScorer):
    """Breaks on one text, in whatever company it comes."""

    def read(self, passages: Sequence[Passage]) -> list[Reading]:
        if any(passage.text == "beracun" for passage in passages):
            raise ValueError("cannot read this")
        return super().read(passages)


def test_assessments_come_in_the_order_of_the_texts() -> None:
    texts = ["baik", "gacor", "goblok"]

    assessments = assess(FakeScorer(), [Passage(text) for text in texts])

    assert [found.read_as for found in assessments] == texts
    assert [found.verdict for found in assessments] == [
        Verdict.APPROVE,
        Verdict.REJECT,
        Verdict.REVIEW,
    ]


def test_one_text_that_cannot_be_scored_does_not_spoil_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    passages = [Passage("baik"), Passage("beracun"), Passage("gacor")]

    assessments = assess(PickyScorer(), passages)

    assert [found.verdict for found in assessments] == [
        Verdict.APPROVE,
        Verdict.REVIEW,
        Verdict.REJECT,
    ]
    assert "scoring failed" in caplog.text


def test_a_failure_is_logged_without_the_readers_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assess(FakeScorer(broken=True), [Passage("kata rahasia pembaca")])

    assert "scoring failed" in caplog.text
    assert "kata rahasia pembaca" not in caplog.text


def test_the_kind_of_spam_is_named_in_the_assessment_and_to_the_moderator() -> None:
    (found,) = assess(FakeScorer(), [Passage("gacor")])

    assert found.spam_kind is SpamKind.JUDOL
    assert found.reasons[0].message == "Kemungkinan promosi judi online: terutama pada “gacor”."


def test_a_kind_is_asked_for_only_where_spam_is_a_reason() -> None:
    (found,) = assess(FakeScorer(kinds={"goblok": SpamKind.JASA}), [Passage("goblok")])

    assert found.spam_kind is None
