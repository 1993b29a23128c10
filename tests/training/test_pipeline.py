"""A fit depends on its rows alone, whatever else is fitted meanwhile."""

from concurrent.futures import ThreadPoolExecutor

from training.families import Families
from training.fitting import fit_heads
from training.learning import Learnt
from training.streaming import Truth


def test_fits_in_threads_are_those_made_alone(learnt: Learnt) -> None:
    material = learnt.material
    families, truth = Families.of(material.space), Truth.of(material.rows)

    def fit(_: object) -> dict[object, bytes]:
        heads = fit_heads(material.table, families, truth)
        return {label: head.coef_.tobytes() for label, head in heads.items()}

    alone = fit(None)
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(fit, range(2))) == [alone, alone]
