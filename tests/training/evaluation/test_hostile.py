"""The hostile texts are as long as they claim, and hide behind every trick there is."""

from moderation.classifier.disguises import Trick
from moderation.classifier.unmask import unmask
from training.evaluation import hostile


def test_every_text_is_timed_at_full_length() -> None:
    assert all(len(text) == hostile.LENGTH for text in hostile.texts().values())
    assert set(hostile.milliseconds()) == set(hostile.texts())


def test_together_they_use_every_trick() -> None:
    used = {trick for text in hostile.texts().values() for trick in unmask(text).folds}

    assert used == set(Trick)
