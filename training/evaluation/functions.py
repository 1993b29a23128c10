"""The functional suite: how a model treats cases that nobody wrote for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from moderation.domain.scorer import Passage, Scorer
from moderation.domain.verdict import Label, Verdict
from training import corpus_reader
from training.evaluation.behaviour import verdicts_of

FOLDER = Path(__file__).parents[1] / "functional_suite"


@dataclass(frozen=True, slots=True)
class Case:
    """A comment with what holds of it, and the function of the filter it tests."""

    passage: Passage
    labels: frozenset[Label]
    function: str


def read_cases(folder: Path = FOLDER) -> Iterator[Case]:
    """Yield every case of every file, in the order of their names."""
    for row in corpus_reader.rows(folder):
        labels = frozenset(map(Label, row["labels"]))
        yield Case(corpus_reader.passage_of(row), labels, row["function"])


def on_functions(scorer: Scorer) -> dict[str, Any]:
    """Return how many cases are treated rightly, in all and by function, and what went wrong.

    Right is: a harmful one stopped, a harmless one approved.
    """
    cases = list(read_cases())
    verdicts = verdicts_of(scorer, [case.passage for case in cases])
    right: dict[str, list[bool]] = {}
    for case, verdict in zip(cases, verdicts, strict=True):
        stopped = verdict is not Verdict.APPROVE
        right.setdefault(case.function, []).append(stopped == bool(case.labels))
    pairs = [(bool(case.labels), verdict) for case, verdict in zip(cases, verdicts, strict=True)]
    return {
        "cases": len(cases),
        "right": round(float(np.mean([one for values in right.values() for one in values])), 4),
        "harmful": sum(harmful for harmful, _ in pairs),
        "harmful_approved": pairs.count((True, Verdict.APPROVE)),
        "harmful_rejected": pairs.count((True, Verdict.REJECT)),
        "harmless_queued": pairs.count((False, Verdict.REVIEW)),
        "harmless_rejected": pairs.count((False, Verdict.REJECT)),
        "functions": {
            name: {"cases": len(values), "right": round(float(np.mean(values)), 3)}
            for name, values in sorted(right.items())
        },
    }
