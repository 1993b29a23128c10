import re
from pathlib import Path

from moderation.domain.policy import Step
from moderation.domain.rules import DEFAULTS, MESSAGES, Mode, RuleKind

DOCUMENT = (Path(__file__).parent.parent / "docs/rules.md").read_text(encoding="utf-8")


def first_cells(heading: str) -> list[str]:
    """The code words in the first column of the tables under a heading."""
    section = DOCUMENT.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def test_kinds_and_steps_stand_in_the_order_they_are_evaluated_in() -> None:
    assert first_cells("The order of evaluation") == [*RuleKind, *Step]


def test_every_mode_is_explained() -> None:
    assert first_cells("Trying a rule before it acts") == list(Mode)


def test_every_reason_is_documented_word_for_word() -> None:
    for (kind, effect), message in MESSAGES.items():
        assert f"| `{kind}` | `{effect}` | {message} |" in DOCUMENT
    assert len(first_cells("Reasons")) == len(MESSAGES)


def test_every_parameter_is_documented_with_its_default() -> None:
    for kind, parameters in DEFAULTS.items():
        listed = ", ".join(f"`{name}` {value:g}" for name, value in parameters.items())
        assert f"| `{kind}` | {listed} |" in DOCUMENT
