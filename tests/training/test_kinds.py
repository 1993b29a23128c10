"""The kind head learns what the corpus's kinds and the gambling sources say."""

import pytest

from moderation.classifier.scorer import LinearScorer
from moderation.domain.scorer import Passage
from moderation.domain.verdict import Label, SpamKind
from training.examples import Example
from training.kinds import kind_of
from training.learning import Learnt


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Pinjaman online cair 5 menit tanpa jaminan, cukup KTP", SpamKind.PINJOL),
        ("Main slot gacor maxwin tiap hari, daftar sekarang", SpamKind.JUDOL),
    ],
)
def test_a_plain_case_is_named(learnt: Learnt, text: str, kind: SpamKind) -> None:
    scorer = LinearScorer("test", learnt.policy, learnt.weights, learnt.kinds)

    assert scorer.explain([Passage(text)], [[Label.SPAM]])[0].spam_kind is kind


def test_what_is_no_spam_has_no_kind() -> None:
    hate = Example(
        Passage("…"), {Label.HATE: True}, "corpus", "topic desa", tags={"kind": "suku/hina"}
    )

    assert kind_of(hate) is None
