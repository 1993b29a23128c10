from collections.abc import Sequence

import pytest

from moderation.domain.scorer import Passage, Reading
from moderation.domain.verdict import Verdict
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
