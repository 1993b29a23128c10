"""A fit depends on its rows alone, whatever else is fitted meanwhile."""

from concurrent.futures import ThreadPoolExecutor

from training import pipeline
from training.fitting import STRENGTH
from training.learning import Learnt


def test_fits_in_threads_are_those_made_alone(learnt: Learnt) -> None:
    material = learnt.material

    def fit(_: object) -> dict[object, bytes]:
        heads = pipeline.fit_heads(material.table, material.rows, STRENGTH)
        return {label: head.coef_.tobytes() for label, head in heads.items()}

    alone = fit(None)
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(fit, range(2))) == [alone, alone]
