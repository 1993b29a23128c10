"""The plots are small, the same every time, and say what the thresholds cost."""

from pathlib import Path

import numpy as np

from training.evaluation import plots
from training.learning import Learnt


def test_the_same_model_gives_the_same_bytes(learnt: Learnt, tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        plots.draw(learnt, tmp_path / name)

    for name in (plots.RELIABILITY, plots.PRECISION, plots.QUEUE):
        content = (tmp_path / "one" / name).read_bytes()
        assert content == (tmp_path / "other" / name).read_bytes()
        assert b"<dc:date>" not in content


def test_a_stricter_promise_lets_more_comments_wait() -> None:
    risk = np.linspace(0, 1, 1000)
    harmful = risk > 0.8

    points = plots.queue_against_guarantee(risk, harmful)

    waiting = [queue for _, queue in points]
    assert waiting == sorted(waiting, reverse=True)
    assert waiting[-1] == 0
    assert min(bound for bound, _ in points) < 1
