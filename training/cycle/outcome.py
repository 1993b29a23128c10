"""What a cycle came to, and what each of its steps did."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """How a cycle ended."""

    PROMOTED = "promoted"
    REFUSED = "refused"
    NOTHING_NEW = "nothing new"
    FAILED = "failed"


class Name(StrEnum):
    """The steps, in their order."""

    CHAMPION = "champion"
    DATASET = "dataset"
    TRAIN = "train"
    EVALUATE = "evaluate"
    COMPARE = "compare"
    PROMOTE = "promote"


ADVICE: Mapping[Name, str] = {
    Name.CHAMPION: "Bring back a whole champion: python -m training rollback",
    Name.DATASET: "See that --database names the service's database and that it answers",
    Name.TRAIN: "See that the champion loads and that memory and disk suffice",
    Name.EVALUATE: "The challenger cannot score; report it with its folder",
    Name.COMPARE: "See that the corpus, and the folder of --data if given, are whole",
    Name.PROMOTE: "See who may write to --models, and that its disk is not full",
}
"""What to look at when a step fails."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: whether it went well, where its output lies, and its error in a line."""

    name: Name
    went_well: bool
    output: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a cycle tells of itself; the champions are those before and after it."""

    outcome: Outcome
    version: str
    began: str
    champion_before: str
    champion_after: str
    steps: Sequence[Step]
    dataset: Mapping[str, Any] = field(default_factory=dict)
    comparison: Mapping[str, Any] = field(default_factory=dict)
    advice: str = ""

    @property
    def worse(self) -> Sequence[str]:
        """Where the challenger is worse beyond its margin, a sentence each."""
        found: Sequence[str] = self.comparison.get("worse", ())
        return found

    def to_json(self) -> dict[str, Any]:
        """Return the form kept in ``report.json``."""
        return asdict(self)
